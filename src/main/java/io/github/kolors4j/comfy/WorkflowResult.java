package io.github.kolors4j.comfy;

import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.comfy.drawing.ResultPicture;
import io.github.kolors4j.internal.files.ShownPath;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a workflow gave: as a cell's last expression it shows its pictures, each with its file.
 *
 * @param pictures in the order in which nodes showed or saved them
 * @param texts that nodes showed
 * @param notices what a person should know, such as which model was taken in another's place
 * @param reused ids of the nodes whose results of an earlier run were taken again
 * @param seconds how long it took
 */
public record WorkflowResult(
    List<Picture> pictures,
    List<String> texts,
    List<String> notices,
    Set<String> reused,
    double seconds)
    implements Renderable {

  /**
   * A picture.
   *
   * @param image its pixels
   * @param file where it is, relative to the working folder if it lies in there; in it stand the
   *     workflow and the prompt that drew it
   * @param nodeId the node that showed or saved it
   */
  public record Picture(BufferedImage image, Path file, String nodeId) {}

  /** Copies the lists. */
  public WorkflowResult {
    pictures = List.copyOf(pictures);
    texts = List.copyOf(texts);
    notices = List.copyOf(notices);
    reused = Set.copyOf(reused);
  }

  /**
   * The first picture.
   *
   * @throws WorkflowException if there is none
   */
  public BufferedImage image() {
    return first().image();
  }

  /**
   * The first picture's file.
   *
   * @throws WorkflowException if there is none
   */
  public Path file() {
    return first().file();
  }

  private Picture first() {
    if (pictures.isEmpty()) {
      throw new WorkflowException(
          "这个工作流没有给出图片：加一个 PreviewImage 或 SaveImage 节点。(The workflow gave no picture: it needs a"
              + " node that shows or saves one, such as PreviewImage or SaveImage.)");
    }
    return pictures.get(0);
  }

  /** Draws the pictures side by side, each with the name of its file, and the texts below. */
  @Override
  public BufferedImage render() {
    List<String> lines = new ArrayList<>(texts);
    if (pictures.isEmpty() && texts.isEmpty()) {
      lines.add("没有图片 (no pictures)");
    }
    return ResultPicture.draw(
        pictures.stream().map(Picture::image).toList(),
        pictures.stream().map(picture -> shown(picture.file())).toList(),
        lines,
        notices.stream().map(notice -> "※ " + notice).toList());
  }

  private static String shown(Path file) {
    return ShownPath.of(file).toString().replace('\\', '/');
  }

  /**
   * For instance {@code 1 picture in 3.4 s, 4 nodes as before: comfyui/temp/ComfyUI_00001_.png}.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(pictures.size()).append(pictures.size() == 1 ? " picture" : " pictures");
    text.append(String.format(Locale.ROOT, " in %.1f s", seconds));
    if (!reused.isEmpty()) {
      text.append(", ").append(reused.size()).append(reused.size() == 1 ? " node" : " nodes");
      text.append(" as before");
    }
    if (!pictures.isEmpty()) {
      List<String> files = pictures.stream().map(picture -> shown(picture.file())).toList();
      text.append(": ").append(String.join(", ", files));
    }
    texts.forEach(line -> text.append('\n').append(line));
    notices.forEach(line -> text.append('\n').append(line));
    return text.toString();
  }
}
