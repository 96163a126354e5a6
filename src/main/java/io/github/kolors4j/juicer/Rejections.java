package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.dataset.Gallery;
import io.github.kolors4j.internal.juicer.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The samples that a recipe threw out, in the order of the operators. Of a large data set they are
 * not all in memory: to go through them reads them one by one.
 */
public final class Rejections implements Iterable<Rejection> {
  private static final int SHOWN = 12;
  private static final int MOST_ROWS = 10_000;

  private final List<Spool> byOperator;
  private final String textKey;
  private final String imageKey;

  Rejections(List<Spool> byOperator, Recipe recipe) {
    this.byOperator = List.copyOf(byOperator);
    this.textKey = recipe.textKeys().get(0);
    this.imageKey = recipe.imageKey();
  }

  /** How many. */
  public int size() {
    return byOperator.stream().mapToInt(Spool::size).sum();
  }

  /** One after the other. */
  public Stream<Rejection> stream() {
    return byOperator.stream()
        .flatMap(spool -> IntStream.range(0, spool.size()).mapToObj(i -> read(spool.get(i))));
  }

  private Rejection read(byte[] line) {
    JsonObject json = SampleBytes.parse(new String(line, StandardCharsets.UTF_8));
    return Rejection.fromJson(json, textKey, imageKey);
  }

  @Override
  public Iterator<Rejection> iterator() {
    return stream().iterator();
  }

  /** All of them in memory; where they may be millions, rather go through them. */
  public List<Rejection> all() {
    return stream().toList();
  }

  /** Twelve of the rejected pictures, each with the reason under it. */
  public Gallery gallery() {
    return gallery(SHOWN);
  }

  /** Up to {@code count} of the rejected pictures, evenly spread, each with the reason under it. */
  public Gallery gallery(int count) {
    int withPicture = (int) stream().filter(Rejections::hasPicture).count();
    int shown = Math.min(count, withPicture);
    List<CaptionedPicture> chosen = new ArrayList<>();
    Iterator<Rejection> rejections = stream().filter(Rejections::hasPicture).iterator();
    for (int i = 0; chosen.size() < shown; i++) {
      Rejection rejection = rejections.next();
      if (i == (long) chosen.size() * withPicture / shown) {
        Path picture = rejection.sample().pictures().get(0);
        Reason reason = rejection.reason();
        chosen.add(new CaptionedPicture(picture, reason.chinese() + "\n" + reason.english()));
      }
    }
    return Gallery.of(chosen);
  }

  /**
   * How many samples each operator rejected, in their order, and apart from these, how many have a
   * picture that cannot be read: no bound was broken there.
   */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    stream()
        .filter(rejection -> !rejection.isUnreadable())
        .forEach(rejection -> counts.merge(rejection.operator(), 1, Integer::sum));
    int unreadable = unreadable().values().stream().mapToInt(Integer::intValue).sum();
    if (unreadable > 0) {
      counts.put("无法读取 (unreadable)", unreadable);
    }
    return counts;
  }

  /** How many samples have a picture that an operator, the first that looked, could not read. */
  Map<String, Integer> unreadable() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    stream()
        .filter(Rejection::isUnreadable)
        .forEach(rejection -> counts.merge(rejection.operator(), 1, Integer::sum));
    return counts;
  }

  private static boolean hasPicture(Rejection rejection) {
    return !rejection.sample().pictures().isEmpty();
  }

  /**
   * As a table: {@code line, file, operator, value, bound, reason, reason_en}. Of a large data set,
   * the first 10,000.
   */
  public Table table() {
    IntColumn line = IntColumn.create("line");
    StringColumn file = StringColumn.create("file");
    StringColumn operator = StringColumn.create("operator");
    StringColumn value = StringColumn.create("value");
    StringColumn bound = StringColumn.create("bound");
    StringColumn reason = StringColumn.create("reason");
    StringColumn english = StringColumn.create("reason_en");
    for (Rejection rejection : (Iterable<Rejection>) stream().limit(MOST_ROWS)::iterator) {
      line.append(rejection.sample().line());
      file.append(
          rejection.sample().pictures().stream()
              .map(picture -> picture.getFileName().toString())
              .collect(Collectors.joining(", ")));
      operator.append(rejection.operator());
      value.append(rejection.reason().value());
      bound.append(rejection.reason().bound());
      reason.append(rejection.reason().chinese());
      english.append(rejection.reason().english());
    }
    return Table.create("淘汰 (rejected)", line, file, operator, value, bound, reason, english);
  }

  /** The first hundred, each in a line. */
  @Override
  public String toString() {
    String first = stream().limit(100).map(Rejection::toString).collect(Collectors.joining("\n"));
    int others = size() - 100;
    return others > 0 ? first + "\n… " + others + " more" : first;
  }
}
