package io.github.kolors4j.juicer;

import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.dataset.Gallery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The samples that a recipe threw out, in the order of the operators.
 *
 * @param all each with its reason
 */
public record Rejections(List<Rejection> all) implements Iterable<Rejection> {
  private static final int SHOWN = 12;

  /** Copies. */
  public Rejections {
    all = List.copyOf(all);
  }

  /** How many. */
  public int size() {
    return all.size();
  }

  @Override
  public Iterator<Rejection> iterator() {
    return all.iterator();
  }

  /** Twelve of the rejected pictures, each with the reason under it. */
  public Gallery gallery() {
    return gallery(SHOWN);
  }

  /** Up to {@code count} of the rejected pictures, evenly spread, each with the reason under it. */
  public Gallery gallery(int count) {
    List<Rejection> withPicture =
        all.stream().filter(rejection -> !rejection.sample().pictures().isEmpty()).toList();
    int shown = Math.min(count, withPicture.size());
    List<CaptionedPicture> chosen = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      Rejection rejection = withPicture.get((int) ((long) i * withPicture.size() / shown));
      Path picture = rejection.sample().pictures().get(0);
      chosen.add(new CaptionedPicture(picture, rejection.objection().chinese()));
    }
    return Gallery.of(chosen);
  }

  /** As a table: {@code line, file, operator, value, bound, reason, reason_en}. */
  public Table table() {
    IntColumn line = IntColumn.create("line");
    StringColumn file = StringColumn.create("file");
    StringColumn operator = StringColumn.create("operator");
    StringColumn value = StringColumn.create("value");
    StringColumn bound = StringColumn.create("bound");
    StringColumn reason = StringColumn.create("reason");
    StringColumn english = StringColumn.create("reason_en");
    for (Rejection rejection : all) {
      line.append(rejection.sample().line());
      file.append(
          rejection.sample().pictures().stream()
              .map(picture -> picture.getFileName().toString())
              .collect(Collectors.joining(", ")));
      operator.append(rejection.operator());
      value.append(rejection.objection().value());
      bound.append(rejection.objection().bound());
      reason.append(rejection.objection().chinese());
      english.append(rejection.objection().english());
    }
    return Table.create("淘汰 (rejected)", line, file, operator, value, bound, reason, english);
  }

  @Override
  public String toString() {
    return all.stream().map(Rejection::toString).collect(Collectors.joining("\n"));
  }
}
