package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.dataset.CaptionWords;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.progress.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import tech.tablesaw.api.IntColumn;

/**
 * Takes all samples past a recipe's filters, several at once, and notes what these measure. Samples
 * are read, measured and forgotten, a thousand at once at most; only the numbers stay.
 */
final class AnalysisRun implements AutoCloseable {
  /** Samples under way at once. */
  private static final int MOST = 1000;

  private static final int SHOWN = 20;

  /** Data-juicer's marks of pictures and of a text's end; they are no words. */
  private static final String MARKS = "<\\|?__dj__\\w+\\|?>";

  private final Recipe recipe;
  private final List<Filter> filters;
  private final ExecutorService threads;
  private final Map<String, StatisticColumn> columns = new TreeMap<>();
  private final TreeSet<String> notNumeric = new TreeSet<>();
  private final IntColumn lines = IntColumn.create("line");
  private final BitSet kept = new BitSet();
  private final CaptionWords words = new CaptionWords();
  private final List<String> unreadable = new ArrayList<>();
  private final Columns fields = new Columns();
  private int unreadableSamples;
  private int withoutText;

  /** What the filters made of a sample; nothing at all of one without text. */
  private record Measured(
      Sample sample,
      boolean hasText,
      boolean kept,
      Optional<PictureException> failure,
      List<String> words) {}

  private AnalysisRun(Recipe recipe, List<Filter> filters) {
    this.recipe = recipe;
    this.filters = filters;
    this.threads = OrderedTasks.threads(recipe.threads());
  }

  /** The whole run; {@code folder} is where the recipe's relative paths start. */
  static Analysis of(Recipe recipe, Path folder) {
    AnalysisOptions options = AnalysisOptions.of(recipe);
    List<Filter> filters = recipe.filters();
    if (filters.isEmpty()) {
      throw new RecipeException(
          "The recipe has no filter, so there is nothing to measure. Add one to its process, such"
              + " as text_length_filter or image_shape_filter; an analysis throws nothing out.");
    }
    Path dataset = folder.resolve(recipe.datasetPath()).normalize();
    Path result = folder.resolve(recipe.exportPath()).normalize();
    try (AnalysisRun run = new AnalysisRun(recipe, filters)) {
      SampleReader reader = new SampleReader(dataset, recipe);
      OrderedTasks<Measured> tasks = new OrderedTasks<>(run.threads, MOST, run::note);
      long[] count = {0};
      try (Work work = Work.begin("测量 (measuring)", "samples", 0)) {
        reader.each(
            item -> {
              RecipeProgress.check(work);
              tasks.submit(item.size(), () -> run.measure(item.sample().get()));
              RecipeProgress.report(work, ++count[0], item.share());
            });
        tasks.finish();
      }
      reader.requireTextKeys(run.fields.fields().keySet());
      return new Analysis(
          result,
          options,
          run.columns,
          recipe.bounds(),
          run.lines,
          run.kept,
          run.words,
          run.notices(reader));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** A filter that cannot read a picture leaves its statistic out; the others go on. */
  private Measured measure(Sample sample) {
    // As before a run, samples without text are left out.
    if (recipe.textKeys().stream().anyMatch(key -> sample.text(key) == null)) {
      return new Measured(sample, false, false, Optional.empty(), List.of());
    }
    boolean stays = true;
    Optional<PictureException> failure = Optional.empty();
    for (Filter filter : filters) {
      try {
        filter.computeStatistics(sample);
        stays &= filter.judge(sample).isEmpty();
      } catch (PictureException e) {
        stays = false;
        failure = Optional.of(e);
      }
    }
    sample.releasePixels();
    String text = sample.requireText().replaceAll(MARKS, " ");
    return new Measured(sample, true, stays, failure, CaptionWords.in(text));
  }

  private void note(Measured measured) {
    fields.add(measured.sample().fields());
    if (!measured.hasText()) {
      withoutText++;
      return;
    }
    Map<String, JsonElement> statistics = measured.sample().statistics();
    statistics.forEach(
        (name, value) -> {
          if (!StatisticColumn.isNumeric(value)) {
            notNumeric.add(name);
          } else {
            columns.computeIfAbsent(name, n -> new StatisticColumn(n, lines.size()));
          }
        });
    notNumeric.forEach(columns::remove);
    columns.forEach((name, column) -> column.add(statistics.get(name)));
    kept.set(lines.size(), measured.kept());
    lines.append(measured.sample().line());
    words.add(measured.words());
    measured.failure().ifPresent(failure -> noteUnreadable(measured.sample(), failure));
  }

  private void noteUnreadable(Sample sample, PictureException failure) {
    unreadableSamples++;
    if (unreadableSamples <= SHOWN) {
      unreadable.add(
          String.format(
              "第 %d 行：图片无法读取 (line %d: the picture cannot be read): %s %s",
              sample.line(), sample.line(), failure.file().getFileName(), failure.reason()));
    }
  }

  private List<String> notices(SampleReader reader) {
    List<String> notices = new ArrayList<>(recipe.notices());
    notices.addAll(reader.notices());
    if (recipe.executor().type().equals(Recipe.Executor.SPARK)) {
      notices.add(
          "executor_type: spark 只用于 dj-process，分析在本机运行 (an analysis runs in this process,"
              + " without Spark)");
    }
    for (Operator operator : recipe.process()) {
      if (!(operator instanceof Filter)) {
        notices.add(operator.name() + " 不是过滤器，分析时跳过 (is no filter; an analysis passes it over)");
      }
    }
    if (withoutText > 0) {
      notices.add(String.format("%d 个样本没有文字 (%d samples have no text)", withoutText, withoutText));
    }
    notices.addAll(unreadable);
    if (unreadableSamples > SHOWN) {
      notices.add(
          String.format(
              "还有 %d 个样本的图片无法读取 (and the pictures of %d more samples)",
              unreadableSamples - SHOWN, unreadableSamples - SHOWN));
    }
    if (!notNumeric.isEmpty()) {
      notices.add("不是数字，未作统计 (not numbers, left out): " + notNumeric);
    }
    return notices;
  }
}
