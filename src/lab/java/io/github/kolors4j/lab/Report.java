package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureGrid;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many pictures of a source show what was asked for.
 *
 * @param source where the pictures come from, a heading
 * @param pictures how many were judged
 * @param attributes the hits, by attribute, of those pictures that were asked to show it
 * @param styles how many pictures were taken for each style
 * @param sheet the first pictures, for the eye
 * @param prompts theirs
 */
record Report(
    String source,
    int pictures,
    Map<String, Hits> attributes,
    Map<String, Integer> styles,
    List<BufferedImage> sheet,
    List<String> prompts) {
  private static final int COLUMNS = 6;
  private static final int CELL = 192;

  /**
   * @param right how many pictures show it
   * @param all how many were asked to
   */
  public record Hits(int right, int all) {
    /** From 0 to 1; not a number if none was asked for. */
    public double share() {
      return (double) right / all;
    }
  }

  /** The share of pictures, from 0 to 1, that were taken for a style. */
  public double styleShare(String style) {
    return (double) styles.getOrDefault(style, 0) / pictures;
  }

  /** A Markdown table: attribute, right of all, share; then the styles. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(source).append("\n\n");
    text.append("| attribute | right of all | share |\n|---|---:|---:|\n");
    attributes.forEach((name, hits) -> row(text, name, hits.right(), hits.all()));
    styles.forEach((style, count) -> row(text, "taken for " + style, count, pictures));
    return text.toString();
  }

  private static void row(StringBuilder text, String name, int right, int all) {
    text.append(
        String.format(
            Locale.ROOT, "| %s | %d of %d | %.1f %% |%n", name, right, all, 100.0 * right / all));
  }

  /** The first pictures with their prompts under them. */
  public BufferedImage contactSheet() {
    int rows = (sheet.size() + COLUMNS - 1) / COLUMNS;
    return PictureGrid.of(sheet, rows, COLUMNS)
        .cellSize(CELL, CELL)
        .captions(prompts)
        .title(source)
        .render();
  }
}
