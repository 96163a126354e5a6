package io.github.kolors4j.notebook;

import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.comfy.Workflow;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.dataset.Gallery;
import io.github.kolors4j.image.HtmlRenderable;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.comfy.drawing.WorkflowPicture;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * One value in the forms that a front end may choose from: always text, and a picture or HTML where
 * the value has one.
 */
record Rendering(String text, Optional<BufferedImage> picture, Optional<Html> html) {

  /** The types whose rendering a kernel hands to this class. */
  static final List<Class<?>> TYPES =
      List.of(
          BufferedImage.class,
          Renderable.class,
          HtmlRenderable.class,
          Chart.class,
          Table.class,
          List.class,
          Html.class,
          Progress.class,
          ComfyServer.class);

  /** Rows of a table that a cell shows. */
  static final int MAXIMUM_ROWS = 20;

  private static final int MAXIMUM_PICTURES = 64;

  static Rendering of(Object value) {
    if (value instanceof Rendering rendering) {
      return rendering;
    }
    if (value instanceof Html html) {
      return new Rendering(html.toString(), Optional.empty(), Optional.of(html));
    }
    if (value instanceof HtmlRenderable renderable) {
      var html = new Html(renderable.toHtml());
      return new Rendering(value.toString(), Optional.empty(), Optional.of(html));
    }
    if (value instanceof Progress progress) {
      return new Rendering(progress.toString(), Optional.empty(), Optional.of(progress.toHtml()));
    }
    if (value instanceof Table table) {
      var html = new Html(TableHtml.of(table, MAXIMUM_ROWS));
      String text = TableHtml.withShortNumbers(shownRows(table)).print(MAXIMUM_ROWS);
      return new Rendering(text, Optional.empty(), Optional.of(html));
    }
    if (value instanceof ComfyServer server) {
      return new Rendering(
          PageFrame.text(server), Optional.empty(), Optional.of(PageFrame.of(server)));
    }
    var picture = pictureOf(value);
    if (picture.isPresent() && value instanceof Workflow && isWide(picture.get())) {
      var html = new Html(scrolled(picture.get(), value.toString()));
      return new Rendering(describe(value, picture.get()), picture, Optional.of(html));
    }
    if (picture.isPresent()) {
      return new Rendering(describe(value, picture.get()), picture, Optional.empty());
    }
    if (value instanceof List<?> list) {
      return isCaptioned(list) ? of(gallery(list)) : ofList(list);
    }
    return new Rendering(String.valueOf(value), Optional.empty(), Optional.empty());
  }

  /** What Tablesaw prints of a long table: the rows at its beginning and its end. */
  private static Table shownRows(Table table) {
    return table.rowCount() <= MAXIMUM_ROWS
        ? table
        : table.first(MAXIMUM_ROWS / 2).append(table.last(MAXIMUM_ROWS / 2));
  }

  private static boolean isCaptioned(List<?> list) {
    return !list.isEmpty() && list.stream().allMatch(CaptionedPicture.class::isInstance);
  }

  private static Gallery gallery(List<?> pictures) {
    return Gallery.of(
        pictures.stream().limit(MAXIMUM_PICTURES).map(CaptionedPicture.class::cast).toList());
  }

  boolean isTextOnly() {
    return picture.isEmpty() && html.isEmpty();
  }

  /** The forms as a Jupyter MIME bundle: type to data, pictures in base64. */
  Map<String, String> toMimeBundle() {
    var bundle = new LinkedHashMap<String, String>();
    bundle.put("text/plain", text);
    picture.ifPresent(p -> bundle.put("image/png", base64(p)));
    html.ifPresent(h -> bundle.put("text/html", h.source()));
    return bundle;
  }

  /** This value inside a larger piece of HTML. */
  String toHtml() {
    if (html.isPresent()) {
      return html.get().source();
    }
    return picture
        .map(p -> imageTag(p, text))
        .orElseGet(() -> "<pre style=\"margin:0\">" + Html.escape(text) + "</pre>");
  }

  private static Optional<BufferedImage> pictureOf(Object value) {
    if (value instanceof BufferedImage image) {
      return Optional.of(image);
    }
    if (value instanceof Renderable renderable) {
      return Optional.of(renderable.render());
    }
    if (value instanceof Chart<?, ?> chart) {
      return Optional.of(BitmapEncoder.getBufferedImage(chart));
    }
    return Optional.empty();
  }

  /** A list whose elements are all pictures becomes a row of pictures that wraps. */
  private static Rendering ofList(List<?> values) {
    var pictures = new ArrayList<BufferedImage>();
    for (Object value : values.subList(0, Math.min(values.size(), MAXIMUM_PICTURES))) {
      var picture = pictureOf(value);
      if (picture.isEmpty()) {
        return new Rendering(values.toString(), Optional.empty(), Optional.empty());
      }
      pictures.add(picture.get());
    }
    if (pictures.isEmpty()) {
      return new Rendering("[]", Optional.empty(), Optional.empty());
    }
    var html = new StringBuilder("<div style=\"display:flex;flex-wrap:wrap;gap:4px\">");
    for (int i = 0; i < pictures.size(); i++) {
      html.append(imageTag(pictures.get(i), "picture " + (i + 1)));
    }
    html.append("</div>");
    int left = values.size() - pictures.size();
    if (left > 0) {
      html.append("<div>… and ").append(left).append(" more</div>");
    }
    String text = values.size() + (values.size() == 1 ? " picture" : " pictures");
    return new Rendering(text, Optional.empty(), Optional.of(new Html(html.toString())));
  }

  private static String describe(Object value, BufferedImage picture) {
    String size = picture.getWidth() + "×" + picture.getHeight() + " picture";
    if (value instanceof BufferedImage) {
      return size;
    }
    if (value instanceof Chart<?, ?> chart) {
      String title = chart.getTitle();
      return title == null || title.isBlank() ? "chart" : "chart: " + title;
    }
    return value + " (" + size + ")";
  }

  private static String imageTag(BufferedImage picture, String description) {
    return "<img alt=\""
        + Html.escape(description)
        + "\" style=\"max-width:100%\" src=\"data:image/png;base64,"
        + base64(picture)
        + "\"/>";
  }

  private static boolean isWide(BufferedImage picture) {
    return picture.getWidth() > WorkflowPicture.NOTEBOOK;
  }

  /** A graph that a notebook is too narrow for keeps its size, so that its texts are legible. */
  private static String scrolled(BufferedImage picture, String description) {
    return "<div style=\"overflow-x:auto\">"
        + imageTag(picture, description).replace("max-width:100%", "max-width:none")
        + "</div>";
  }

  private static String base64(BufferedImage picture) {
    return Base64.getEncoder().encodeToString(PictureEncoder.png(picture));
  }
}
