package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import io.github.kolors4j.internal.progress.Work;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples through a recipe's operators, several at once, their order kept. They stream
 * through filters and mappers in small batches; a deduplicator or selector lets them wait
 * {@linkplain Spool aside}, and holds of each only what it compares.
 */
final class Execution implements AutoCloseable {
  private static final long BATCH_BYTES = 1 << 20;
  private static final long KEPT_IN_MEMORY = 1 << 24;
  private static final long REJECTED_IN_MEMORY = 1 << 22;

  private final Recipe recipe;
  private final Path spoolFolder;
  private final BatchExecutor executor;
  private final ExecutorService threads;
  private final SampleBytes format;
  private final Tracer tracer;
  private final Columns columns = new Columns();
  private final FirstSamples firstSamples = new FirstSamples();
  private final List<Spool> rejections = new ArrayList<>();
  private final List<Batch.Tally> tallies = new ArrayList<>();
  private long received;

  /** {@code spoolFolder} is where samples wait that are too many for the memory. */
  Execution(Recipe recipe, Path spoolFolder) {
    this.recipe = recipe;
    this.spoolFolder = spoolFolder;
    this.executor = BatchExecutor.of(recipe);
    this.threads = OrderedTasks.threads(executor.parallelism());
    this.format = new SampleBytes(recipe);
    this.tracer = new Tracer(recipe);
    rejections.add(new Spool(spoolFolder, REJECTED_IN_MEMORY));
    for (int i = 0; i < recipe.process().size(); i++) {
      rejections.add(new Spool(spoolFolder, REJECTED_IN_MEMORY));
      tallies.add(new Batch.Tally());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    executor.close();
  }

  ExecutorService threads() {
    return threads;
  }

  /** The fields that the samples had before the first operator. */
  Columns columns() {
    return columns;
  }

  Tracer tracer() {
    return tracer;
  }

  FirstSamples firstSamples() {
    return firstSamples;
  }

  /** How many samples there were. */
  long received() {
    return received;
  }

  /** The rejections for missing text, then those of each operator. */
  List<Spool> rejections() {
    return rejections;
  }

  List<JuicerResult.Step> steps() {
    List<JuicerResult.Step> steps = new ArrayList<>();
    for (int i = 0; i < tallies.size(); i++) {
      Batch.Tally tally = tallies.get(i);
      String name = recipe.process().get(i).name();
      steps.add(new JuicerResult.Step(name, tally.received, tally.kept, tally.nanoseconds / 1e9));
    }
    return steps;
  }

  /** Takes all samples of a data set through all operators. */
  StoredSamples run(SampleReader reader) {
    List<Stage> stages = Stage.of(recipe.process());
    StoredSamples samples = run(stages.get(0), reader);
    reader.requireTextKeys(columns.fields().keySet());
    for (Stage stage : stages.subList(1, stages.size())) {
      samples = run(stage, samples);
    }
    return samples;
  }

  private StoredSamples run(Stage stage, SampleSource source) {
    Spool kept = new Spool(spoolFolder, KEPT_IN_MEMORY);
    List<@Nullable Object> keys = new ArrayList<>();
    OrderedTasks<Batch> tasks =
        new OrderedTasks<>(
            threads, 4 * executor.parallelism(), batch -> collect(stage, batch, kept, keys));
    Waiting waiting = new Waiting();
    long[] count = {0};
    Work work = Work.begin("过滤 (running) " + stage.names(), "samples", 0);
    try (work) {
      source.each(item -> submit(stage, item, tasks, waiting, count, work));
      waiting.submit(stage, tasks);
      tasks.finish();
      work.total(count[0]);
      work.advanceTo(count[0]);
    }
    if (stage.first() == 0) {
      received = count[0];
    }
    StoredSamples samples = StoredSamples.all(kept, format);
    if (stage.last() instanceof Deduplicator<?> deduplicator) {
      return deduplicate(deduplicator, stage.lastPlace(), samples, keys, kept);
    }
    if (stage.last() instanceof Selector<?> selector) {
      return select(selector, stage.lastPlace(), samples, keys, kept);
    }
    return samples;
  }

  private void submit(
      Stage stage,
      SampleSource.Item item,
      OrderedTasks<Batch> tasks,
      Waiting waiting,
      long[] count,
      Work work) {
    waiting.samples.add(item.sample());
    waiting.bytes += item.size();
    count[0]++;
    if (waiting.samples.size() == executor.batchSize() || waiting.bytes > BATCH_BYTES) {
      RecipeProgress.check(work);
      waiting.submit(stage, tasks);
      RecipeProgress.report(work, count[0], item.share());
    }
  }

  /** The samples of the next batch. */
  private final class Waiting {
    private List<Supplier<Sample>> samples = new ArrayList<>();
    private long bytes;

    void submit(Stage stage, OrderedTasks<Batch> tasks) {
      List<Supplier<Sample>> these = samples;
      tasks.submit(bytes, () -> executor.examine(stage, these));
      samples = new ArrayList<>();
      bytes = 0;
    }
  }

  private void collect(Stage stage, Batch batch, Spool kept, List<@Nullable Object> keys) {
    columns.add(batch.columns());
    for (int i = 0; i < batch.tallies().size(); i++) {
      Batch.Tally part = batch.tallies().get(i);
      int place = stage.first() + i;
      if (place < tallies.size()) {
        Batch.Tally whole = tallies.get(place);
        whole.received += part.received;
        whole.kept += part.kept;
        whole.nanoseconds += part.nanoseconds;
        tracer.changed(recipe.process().get(place), part.changes);
      }
    }
    for (Batch.Outcome one : batch.outcomes()) {
      firstSamples.put(one.sample(), one.rejection(), one.bytes().length);
      if (one.rejection() != null) {
        rejections.get(1 + one.by()).add(one.bytes());
        if (one.by() >= 0 && recipe.process().get(one.by()) instanceof Filter filter) {
          tracer.rejected(filter, one.sample());
        }
      } else {
        kept.add(one.bytes());
        if (stage.last() != null) {
          keys.add(one.key());
        }
      }
    }
  }

  /** {@code keys} came from this deduplicator. */
  @SuppressWarnings("unchecked")
  private <F> StoredSamples deduplicate(
      Deduplicator<F> deduplicator,
      int place,
      StoredSamples samples,
      List<@Nullable Object> keys,
      Spool spool) {
    long start = System.nanoTime();
    int[] originals = deduplicator.originals((List<@Nullable F>) keys);
    tracer.duplicates(deduplicator, samples, originals);
    int[] chosen = new int[originals.length];
    int count = 0;
    for (int i = 0; i < originals.length; i++) {
      if (originals[i] == i) {
        chosen[count++] = i;
        continue;
      }
      int line = SampleBytes.line(samples.bytes(originals[i]));
      reject(
          deduplicator,
          place,
          samples.get(i),
          new Reason(
              "line " + line, "no duplicates", "与第 " + line + " 行重复", "repeats line " + line));
    }
    return chosen(place, spool, Arrays.copyOf(chosen, count), start);
  }

  /** {@code keys} came from this selector. */
  @SuppressWarnings("unchecked")
  private <K> StoredSamples select(
      Selector<K> selector,
      int place,
      StoredSamples samples,
      List<@Nullable Object> keys,
      Spool spool) {
    long start = System.nanoTime();
    int[] chosen = selector.select((List<@Nullable K>) keys);
    BitSet places = new BitSet(keys.size());
    Arrays.stream(chosen).forEach(places::set);
    for (int i = 0; i < keys.size(); i++) {
      if (!places.get(i)) {
        Sample sample = samples.get(i);
        reject(
            selector,
            place,
            sample,
            new Reason(String.valueOf(keys.get(i)), "selected", "没有被选中", "was not selected"));
        tracer.rejected(selector, sample);
      }
    }
    return chosen(place, spool, chosen, start);
  }

  private StoredSamples chosen(int place, Spool spool, int[] chosen, long start) {
    Batch.Tally tally = tallies.get(place);
    tally.kept = chosen.length;
    tally.nanoseconds += System.nanoTime() - start;
    return StoredSamples.some(spool, chosen, format);
  }

  private void reject(Operator operator, int place, Sample sample, Reason reason) {
    Rejection rejection = new Rejection(sample, operator.name(), reason);
    byte[] bytes = rejection.toJson().toString().getBytes(StandardCharsets.UTF_8);
    rejections.get(1 + place).add(bytes);
    if (firstSamples.has(sample.number())) {
      firstSamples.put(sample, rejection, bytes.length);
    }
  }
}
