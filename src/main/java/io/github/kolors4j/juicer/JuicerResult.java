package io.github.kolors4j.juicer;

import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.dataset.PictureExport;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.files.ShownPath;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a recipe made of a data set: the kept samples, and the rejected ones with their reasons.
 *
 * <p>A data set may be larger than the memory. Counts are those of all samples; kept and rejected
 * ones are read one by one where they are many; {@link #samples} and {@link #table} have the first
 * 10,000.
 */
public final class JuicerResult {
  private final Path file;
  private final Recipe recipe;
  private final FirstSamples firstSamples;
  private final long received;
  private final StoredSamples kept;
  private final Rejections rejections;
  private final List<Step> steps;
  private final List<String> notices;

  /**
   * One operator's work.
   *
   * @param operator its name
   * @param received samples that came in
   * @param kept samples that stayed
   * @param seconds how long it worked, all threads together
   */
  public record Step(String operator, int received, int kept, double seconds) {}

  JuicerResult(
      Path file, Recipe recipe, Execution execution, StoredSamples kept, List<String> notices) {
    this.file = file;
    this.recipe = recipe;
    this.firstSamples = execution.firstSamples();
    this.received = execution.received();
    this.kept = kept;
    this.rejections = new Rejections(execution.rejections(), recipe);
    this.steps = execution.steps();
    this.notices = Stream.concat(recipe.notices().stream(), notices.stream()).toList();
  }

  /**
   * The file that {@code export_path} names; a result in shards lies beside it, under names made
   * from this one.
   */
  public Path file() {
    return file;
  }

  /**
   * The first lines of {@link #file}, with paths relative to the working directory.
   *
   * @throws RecipeException if it is not one file of text, but in shards, or Parquet
   */
  public String preview(int lines) {
    try {
      return ShownPath.firstLines(file, lines);
    } catch (IOException e) {
      throw new RecipeException(file + " cannot be shown as text: " + e.getMessage(), e);
    }
  }

  /** How many samples the data set has. */
  public long size() {
    return received;
  }

  /** How many samples were kept. */
  public int keptSize() {
    return kept.size();
  }

  /**
   * The samples of the data set, in its order, as the operators left them: all, or of a large set
   * the first 10,000 (fewer if they are long).
   */
  public List<Sample> samples() {
    return firstSamples.samples();
  }

  /** The kept samples that have a picture (the first, if several), with their captions. */
  public CaptionedImages kept() {
    return CaptionedImages.of("保留 (kept)", captioned());
  }

  /**
   * Between which values of a statistic the recipe keeps a sample, by its name in a recipe or in
   * {@link #table}; infinite where nothing bounds it.
   */
  public Bounds bounds(String column) {
    String statistic =
        switch (column) {
          case "aspect_ratio" -> "aspect_ratios";
          case "caption_length" -> "text_len";
          default -> column;
        };
    return recipe.bounds().getOrDefault(statistic, Bounds.NONE);
  }

  /** The samples that were thrown out, each with the operator, the value and the bound it broke. */
  public Rejections rejected() {
    return rejections;
  }

  /** What each operator did. */
  public List<Step> steps() {
    return steps;
  }

  /** What the recipe asked for and was ignored, and what is odd about the data set, in words. */
  public List<String> notices() {
    return notices;
  }

  /**
   * {@link #steps} as a table: {@code operator, received, kept, rejected, unreadable, seconds}.
   * Rejected are those that broke a bound; a sample whose picture cannot be read is counted apart,
   * at the first operator that looked at it. Seconds are to the millisecond.
   */
  public Table summary() {
    StringColumn operator = StringColumn.create("operator");
    IntColumn received = IntColumn.create("received");
    IntColumn stayed = IntColumn.create("kept");
    IntColumn rejected = IntColumn.create("rejected");
    IntColumn unreadable = IntColumn.create("unreadable");
    Map<String, Integer> unreadableBy = rejections.unreadable();
    DoubleColumn seconds = DoubleColumn.create("seconds");
    for (Step step : steps) {
      operator.append(step.operator());
      received.append(step.received());
      stayed.append(step.kept());
      // An operator that is in the recipe twice: what could not be read was seen by the first.
      Integer unread = unreadableBy.remove(step.operator());
      unreadable.append(unread == null ? 0 : unread);
      rejected.append(step.received() - step.kept() - (unread == null ? 0 : unread));
      seconds.append(Math.round(1000 * step.seconds()) / 1000.0);
    }
    return Table.create(
        "算子 (operators)", operator, received, stayed, rejected, unreadable, seconds);
  }

  /**
   * One row a picture, of the kept and rejected among {@link #samples}: {@code line, file, caption,
   * caption_length, image_width, image_height, aspect_ratio, kept, operator, reason}. Sizes are
   * missing where a picture cannot be read.
   */
  public Table table() {
    IntColumn line = IntColumn.create("line");
    StringColumn file = StringColumn.create("file");
    StringColumn caption = StringColumn.create("caption");
    IntColumn length = IntColumn.create("caption_length");
    IntColumn width = IntColumn.create("image_width");
    IntColumn height = IntColumn.create("image_height");
    DoubleColumn ratio = DoubleColumn.create("aspect_ratio");
    BooleanColumn stayed = BooleanColumn.create("kept");
    StringColumn operator = StringColumn.create("operator");
    StringColumn reason = StringColumn.create("reason");
    for (int i = 0; i < samples().size(); i++) {
      Sample sample = samples().get(i);
      String text = sample.text() == null ? "" : sample.text();
      Rejection rejection = firstSamples.rejection(i);
      for (Path picture : sample.pictures()) {
        line.append(sample.line());
        file.append(picture.getFileName().toString());
        caption.append(text);
        length.append(text.codePointCount(0, text.length()));
        stayed.append(rejection == null);
        operator.append(rejection == null ? "" : rejection.operator());
        reason.append(rejection == null ? "" : rejection.reason().chinese());
        try {
          PictureHeader header = PictureHeader.read(picture);
          width.append(header.width());
          height.append(header.height());
          ratio.append(header.aspectRatio());
        } catch (PictureException e) {
          width.appendMissing();
          height.appendMissing();
          ratio.appendMissing();
        }
      }
    }
    return Table.create(
        "样本 (samples)",
        line,
        file,
        caption,
        length,
        width,
        height,
        ratio,
        stayed,
        operator,
        reason);
  }

  /** {@link #table} with the rows of kept samples only. */
  public Table keptTable() {
    Table table = table();
    return table.where(table.booleanColumn("kept").isTrue());
  }

  /**
   * The course's last step of data processing: saves the kept samples' first pictures in RGB as
   * {@code folder/train/0.jpg}, {@code 1.jpg}, … and {@code folder/train/metadata.csv} with the
   * columns {@code file_name,text} in UTF-8 with a byte order mark, as pandas writes it. A picture
   * that does not decode is skipped and named in the report.
   */
  public PictureExport exportLoraDataset(Path folder) {
    Path train = folder.resolve("train");
    return PictureExport.write(
        captioned(),
        train,
        false,
        train.resolve("metadata.csv"),
        "\ufefffile_name,text\n",
        picture ->
            csvCell(picture.file().getFileName().toString())
                + ","
                + csvCell(picture.caption())
                + "\n");
  }

  private List<CaptionedPicture> captioned() {
    List<CaptionedPicture> pictures = new ArrayList<>();
    for (Sample sample : kept) {
      if (!sample.pictures().isEmpty()) {
        pictures.add(new CaptionedPicture(sample.pictures().get(0), sample.requireText()));
      }
    }
    return pictures;
  }

  /** Quotes only where it must be, as pandas' {@code to_csv} does by default. */
  static String csvCell(String text) {
    boolean quote = Set.of(",", "\"", "\n", "\r").stream().anyMatch(text::contains);
    return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%1$d 个样本，保留 %2$d，淘汰 %3$d (%1$d samples, %2$d kept, %3$d rejected)"
            .formatted(received, kept.size(), rejections.size()));
    for (Step step : steps) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %s: %d → %d (%.2f s)",
              step.operator(),
              step.received(),
              step.kept(),
              step.seconds()));
    }
    notices.forEach(notice -> text.append("\n  ").append(notice));
    return text.append("\n  → ").append(file).toString();
  }
}
