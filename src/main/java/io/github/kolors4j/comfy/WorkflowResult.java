package io.github.kolors4j.comfy;

import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
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
   * @param file where it is; in it stand the workflow and the prompt that drew it
   * @param nodeId the node that showed or saved it
   */
  public record Picture(BufferedImage image, Path file, String nodeId) {}

  private static final int MOST_COLUMNS = 4;
  private static final int LARGEST_ALONE = 768;
  private static final int LARGEST_CELL = 256;
  private static final int MARGIN = 8;
  private static final int LINE = 18;

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
    List<String> lines = new ArrayList<>();
    texts.forEach(text -> text.lines().forEach(lines::add));
    notices.forEach(notice -> notice.lines().map(line -> "※ " + line).forEach(lines::add));
    if (pictures.isEmpty() && texts.isEmpty()) {
      lines.add(0, "没有图片 (no pictures)");
    }
    return pictures.isEmpty() ? card(lines) : withLines(grid(), lines);
  }

  private BufferedImage grid() {
    int columns = Math.min(MOST_COLUMNS, pictures.size());
    int rows = (pictures.size() + columns - 1) / columns;
    int most = pictures.size() == 1 ? LARGEST_ALONE : LARGEST_CELL;
    List<BufferedImage> images = pictures.stream().map(Picture::image).toList();
    int width = images.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = images.stream().mapToInt(BufferedImage::getHeight).max().orElse(1);
    return PictureGrid.of(images, rows, columns)
        .cellSize(Math.min(most, width), Math.min(most, height))
        .captions(pictures.stream().map(picture -> shown(picture.file())).toList())
        .render();
  }

  private static String shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return (file.startsWith(here) ? here.relativize(file) : file).toString().replace('\\', '/');
  }

  private static BufferedImage card(List<String> lines) {
    return withLines(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), lines);
  }

  private static BufferedImage withLines(BufferedImage above, List<String> lines) {
    if (lines.isEmpty()) {
      return above;
    }
    Graphics2D measuring = above.createGraphics();
    var metrics = measuring.getFontMetrics(ChineseFont.at(13));
    measuring.dispose();
    List<String> written = lines.stream().map(ChineseFont::writable).toList();
    int width = written.stream().mapToInt(metrics::stringWidth).max().orElse(0) + 2 * MARGIN;
    BufferedImage picture =
        new BufferedImage(
            Math.max(above.getWidth(), width),
            above.getHeight() + lines.size() * LINE + MARGIN,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    try {
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      g.drawImage(above, 0, 0, null);
      g.setColor(Color.BLACK);
      g.setFont(ChineseFont.at(13));
      int y = above.getHeight() + metrics.getAscent();
      for (String line : written) {
        g.drawString(line, MARGIN, y);
        y += LINE;
      }
    } finally {
      g.dispose();
    }
    return picture;
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
