package io.github.kolors4j.concepts;

import io.github.kolors4j.image.HtmlRenderable;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;

/**
 * Pictures one at a time, with a slider that chooses which: as the last expression of a notebook
 * cell it can be moved, also without a kernel and without network.
 *
 * @param frames the pictures, all of one size, at least one
 * @param labels what stands beside the slider for each
 */
public record FrameSlider(List<BufferedImage> frames, List<String> labels)
    implements HtmlRenderable {

  /** Checks that there is a label for each picture, and the sizes. */
  public FrameSlider {
    frames = List.copyOf(frames);
    labels = List.copyOf(labels);
    Frames.requireOneSize(frames);
    if (labels.size() != frames.size()) {
      throw new IllegalArgumentException(
          labels.size() + " labels for " + frames.size() + " frames: each frame has one.");
    }
  }

  /** One {@code <img>} a picture, of which the slider shows one; the last one at first. */
  @Override
  public String toHtml() {
    int last = frames.size() - 1;
    StringBuilder html = new StringBuilder("<div>");
    html.append(
            "<div><input type=\"range\" style=\"width:256px;vertical-align:middle\" min=\"0\" max=\"")
        .append(last)
        .append("\" value=\"")
        .append(last)
        .append(
            "\" oninput=\"for (const f of this.parentNode.parentNode.querySelectorAll('figure'))")
        .append(" f.style.display = f.dataset.frame === this.value ? 'block' : 'none'\"/></div>");
    for (int i = 0; i <= last; i++) {
      html.append("<figure data-frame=\"")
          .append(i)
          .append("\" style=\"margin:0;display:")
          .append(i == last ? "block" : "none")
          .append("\"><figcaption>")
          .append(escape(labels.get(i)))
          .append("</figcaption><img alt=\"")
          .append(escape(labels.get(i)))
          .append("\" style=\"max-width:100%\" src=\"data:image/png;base64,")
          .append(Base64.getEncoder().encodeToString(PictureEncoder.png(frames.get(i))))
          .append("\"/></figure>");
    }
    return html.append("</div>").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return "slider of " + frames.size() + " frames";
  }
}
