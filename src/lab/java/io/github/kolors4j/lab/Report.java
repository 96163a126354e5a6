package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.concepts.Hits;
import java.awt.image.BufferedImage;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many pictures of a source show what was asked for.
 *
 * @param source where the pictures come from, a heading
 * @param pictures how many were judged
 * @param hits by style and attribute, of those pictures that were asked to show it
 * @param accuracy the classifier's own hits on renderings that it has not learned from: no figure
 *     can say more than it
 * @param mistakes what was seen instead
 * @param styles how many pictures were taken for each style
 * @param likeness how they look beside renderings, if there were any to compare with
 * @param sheet the first pictures, for the eye
 * @param prompts theirs
 */
record Report(
    String source,
    int pictures,
    HitTable hits,
    HitTable accuracy,
    Mistakes mistakes,
    Map<String, Integer> styles,
    @Nullable Likeness likeness,
    List<BufferedImage> sheet,
    List<String> prompts) {
  private static final int COLUMNS = 6;
  private static final int CELL = 192;

  /**
   * What was seen where something else was asked for.
   *
   * @param counts attribute → "asked → seen" → how often
   */
  record Mistakes(Map<String, Map<String, Integer>> counts) {
    private static final int SHOWN = 3;

    /** The most frequent of an attribute, for example "hearts → default 7, wink → closed 2". */
    String of(String attribute) {
      return counts.getOrDefault(attribute, Map.of()).entrySet().stream()
          .sorted(Entry.<String, Integer>comparingByValue().reversed())
          .limit(SHOWN)
          .map(mistake -> mistake.getKey() + " " + mistake.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /** The share of pictures, from 0 to 1, that were taken for a style. */
  public double styleShare(String style) {
    return (double) styles.getOrDefault(style, 0) / pictures;
  }

  /**
   * Markdown tables: for each attribute its hits, what the classifier reaches on renderings of the
   * same styles, and what is mixed up most; where several styles were asked for, the share of hits
   * in each; what styles the pictures were taken for; and how they look beside renderings.
   */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(source).append("\n\n");
    text.append(
        "| attribute | right of all | share | classifier on renderings | mixed up most |\n");
    text.append("|---|---:|---:|---:|---|\n");
    Collection<String> asked = hits.asked(attributes());
    for (String attribute : asked) {
      Hits of = hits.of(attribute);
      String known = percent(accuracy.expected(attribute, hits));
      String seen = mistakes.of(attribute);
      text.append(
          format(
              "| %s | %d of %d | %s | %s | %s |\n",
              attribute, of.right(), of.all(), percent(of.share()), known, seen));
    }
    if (hits.styles().size() > 1) {
      text.append("\n| style |");
      asked.forEach(attribute -> text.append(' ').append(attribute).append(" |"));
      text.append("\n|---|").append("---:|".repeat(asked.size())).append('\n');
      for (String style : hits.styles().keySet()) {
        text.append("| ").append(style).append(" |");
        for (String attribute : asked) {
          text.append(' ').append(percent(hits.of(style, attribute).share())).append(" |");
        }
        text.append('\n');
      }
    }
    text.append("\nTaken for: ");
    text.append(
        styles.entrySet().stream()
            .map(style -> format("%s %.1f %%", style.getKey(), 100 * styleShare(style.getKey())))
            .collect(Collectors.joining(", ")));
    text.append('\n');
    if (likeness != null) {
      text.append('\n').append(likeness.toMarkdown());
    }
    return text.toString();
  }

  private Set<String> attributes() {
    return hits.styles().values().stream()
        .flatMap(row -> row.keySet().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : format("%.1f %%", 100 * share);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
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
