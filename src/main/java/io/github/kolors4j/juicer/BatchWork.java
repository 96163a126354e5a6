package io.github.kolors4j.juicer;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import io.github.kolors4j.internal.juicer.regex.EndlessMatchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a few samples in a row, by one thread, through the operators of a stage. */
final class BatchWork {
  private final Stage stage;
  private final Recipe recipe;
  private final SampleBytes format;
  private final List<Batch.Tally> tallies = new ArrayList<>();

  BatchWork(Stage stage, Recipe recipe, SampleBytes format) {
    this.stage = stage;
    this.recipe = recipe;
    this.format = format;
    for (int i = 0; i <= stage.operators().size(); i++) {
      tallies.add(new Batch.Tally());
    }
  }

  /** Takes the samples through the operators; once only. */
  Batch examine(List<Supplier<Sample>> samples) {
    List<Batch.Outcome> outcomes = new ArrayList<>();
    Columns columns = new Columns();
    for (Supplier<Sample> source : samples) {
      Sample sample = source.get();
      if (stage.first() == 0) {
        columns.add(sample.fields(), sample.line());
      }
      outcomes.add(examine(sample));
      sample.releasePixels();
    }
    return new Batch(outcomes, tallies, columns);
  }

  private Batch.Outcome examine(Sample sample) {
    if (stage.first() == 0) {
      // Data-juicer drops samples without text before the first operator.
      for (String key : recipe.textKeys()) {
        if (sample.text(key) == null) {
          return Batch.Outcome.rejected(
              sample,
              -1,
              "text_keys",
              new Reason(
                  "null", key, "没有文字（" + key + " 为空）", "there is no text (" + key + " is null)"));
        }
      }
    }
    for (int i = 0; i < stage.operators().size(); i++) {
      Operator operator = stage.operators().get(i);
      Batch.Tally tally = tallies.get(i);
      Result<Optional<Reason>> result =
          attempt(operator, tally, sample, () -> apply(operator, tally, sample));
      Optional<Reason> reason = result.failure().or(result::value);
      if (reason.isPresent()) {
        return Batch.Outcome.rejected(sample, stage.first() + i, operator.name(), reason.get());
      }
      tally.kept++;
    }
    @Nullable Object key = null;
    Operator last = stage.last();
    if (last != null) {
      Batch.Tally tally = tallies.get(tallies.size() - 1);
      Result<Object> result = attempt(last, tally, sample, () -> key(last, sample));
      if (result.failure().isPresent()) {
        return Batch.Outcome.rejected(
            sample, stage.lastPlace(), last.name(), result.failure().get());
      }
      key = result.value();
    }
    return Batch.Outcome.kept(sample, key, format.write(sample));
  }

  private static @Nullable Object key(Operator operator, Sample sample) {
    return operator instanceof Deduplicator<?> deduplicator
        ? deduplicator.fingerprint(sample)
        : ((Selector<?>) operator).key(sample);
  }

  private Optional<Reason> apply(Operator operator, Batch.Tally tally, Sample sample) {
    if (operator instanceof Filter filter) {
      filter.computeStatistics(sample);
      return filter.judge(sample);
    }
    String before = sample.requireText();
    ((Mapper) operator).process(sample);
    if (recipe.tracing().traces(operator)
        && tally.changes.size() < recipe.tracing().samples()
        && !before.equals(sample.text())) {
      tally.changes.add(new Tracer.Change(before, sample.requireText()));
    }
    return Optional.empty();
  }

  /** What became of one sample: a value, or why there is none. */
  private record Result<T>(@Nullable T value, Optional<Reason> failure) {}

  private <T> Result<T> attempt(
      Operator operator, Batch.Tally tally, Sample sample, Supplier<T> work) {
    long start = System.nanoTime();
    tally.received++;
    try {
      return new Result<>(work.get(), Optional.empty());
    } catch (PictureException e) {
      Path name = e.file().getFileName();
      return failed(
          operator,
          sample,
          e,
          new Reason(
              String.valueOf(name),
              Reason.READABLE,
              "图片无法读取：" + name,
              "the picture cannot be read: " + name + " " + e.reason()));
    } catch (EndlessMatchException e) {
      return failed(
          operator,
          sample,
          e,
          new Reason(
              sample.requireText().length() + " characters",
              "time limit",
              "在这段文字上耗时过长，已放弃（正则表达式请少用嵌套的重复，如 (a*)*）",
              e.getMessage()
                  + " on this text and was given up (in expressions avoid repeats within repeats,"
                  + " as in (a*)*)"));
    } catch (StackOverflowError e) {
      // Parsers of HTML and Java's regular expressions recurse: a text can be too much for them.
      return failed(
          operator,
          sample,
          e,
          new Reason("too long", "length", "文字太长，无法处理", "the text is too long to be worked on"));
    } catch (RecipeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RecipeException(
          "%s failed at line %d: %s".formatted(operator.name(), sample.line(), e.getMessage()), e);
    } finally {
      tally.nanoseconds += System.nanoTime() - start;
    }
  }

  /** Leaves a sample out, or stops the recipe, as it wishes. */
  private <T> Result<T> failed(Operator operator, Sample sample, Throwable failure, Reason reason) {
    if (!recipe.skipErrors()) {
      String words = failure instanceof PictureException ? failure.getMessage() : reason.english();
      throw new RecipeException(
          "%s stopped at line %d, as the recipe's skip_op_error is false: %s"
              .formatted(operator.name(), sample.line(), words),
          failure);
    }
    return new Result<>(null, Optional.of(reason));
  }
}
