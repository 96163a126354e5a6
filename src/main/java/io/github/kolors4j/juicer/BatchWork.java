package io.github.kolors4j.juicer;

import io.github.kolors4j.image.PictureException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
    List<Batch.Examined> examined = new ArrayList<>();
    Columns columns = new Columns();
    for (Supplier<Sample> source : samples) {
      Sample sample = source.get();
      if (stage.first() == 0) {
        columns.add(sample.fields(), sample.line());
      }
      examined.add(examine(sample));
      sample.releasePixels();
    }
    return new Batch(examined, tallies, columns);
  }

  private Batch.Examined examine(Sample sample) {
    if (stage.first() == 0) {
      // Data-juicer drops samples without text before the first operator.
      for (String key : recipe.textKeys()) {
        if (sample.text(key) == null) {
          return Batch.Examined.rejected(
              sample,
              -1,
              "text_keys",
              new Objection(
                  "null", key, "没有文字（" + key + " 为空）", "there is no text (" + key + " is null)"));
        }
      }
    }
    for (int i = 0; i < stage.operators().size(); i++) {
      Operator operator = stage.operators().get(i);
      Batch.Tally tally = tallies.get(i);
      Result<Optional<Objection>> result =
          attempt(operator, tally, sample, () -> apply(operator, tally, sample));
      Optional<Objection> objection = result.failure().or(result::value);
      if (objection.isPresent()) {
        return Batch.Examined.rejected(sample, stage.first() + i, operator.name(), objection.get());
      }
      tally.kept++;
    }
    Object key = null;
    if (stage.last() != null) {
      Batch.Tally tally = tallies.get(tallies.size() - 1);
      Result<Object> result = attempt(stage.last(), tally, sample, () -> key(stage.last(), sample));
      if (result.failure().isPresent()) {
        return Batch.Examined.rejected(
            sample, stage.lastPlace(), stage.last().name(), result.failure().get());
      }
      key = result.value();
    }
    return Batch.Examined.kept(sample, key, format.write(sample));
  }

  private static Object key(Operator operator, Sample sample) {
    return operator instanceof Deduplicator<?> deduplicator
        ? deduplicator.fingerprint(sample)
        : ((Selector<?>) operator).key(sample);
  }

  private Optional<Objection> apply(Operator operator, Batch.Tally tally, Sample sample) {
    if (operator instanceof Filter filter) {
      filter.computeStatistics(sample);
      return filter.judge(sample);
    }
    String before = sample.text();
    ((Mapper) operator).process(sample);
    if (recipe.tracing().traces(operator)
        && tally.changes.size() < recipe.tracing().samples()
        && !before.equals(sample.text())) {
      tally.changes.add(new Tracer.Change(before, sample.text()));
    }
    return Optional.empty();
  }

  /** What became of one sample: a value, or why there is none. */
  private record Result<T>(T value, Optional<Objection> failure) {}

  private <T> Result<T> attempt(
      Operator operator, Batch.Tally tally, Sample sample, Supplier<T> work) {
    long start = System.nanoTime();
    tally.received++;
    try {
      return new Result<>(work.get(), Optional.empty());
    } catch (PictureException e) {
      if (!recipe.skipErrors()) {
        throw new RecipeException(
            "%s stopped at line %d, as the recipe's skip_op_error is false: %s"
                .formatted(operator.name(), sample.line(), e.getMessage()),
            e);
      }
      Path name = e.file().getFileName();
      return failed(
          String.valueOf(name),
          "readable",
          "图片无法读取：" + name,
          "the picture cannot be read: " + name + " " + e.reason());
    } catch (StackOverflowError e) {
      // Java's regular expressions recurse: a text of many thousand characters can be too much.
      return failed(
          "too long", "length", "文字太长，正则表达式无法处理", "the text is too long for the expression");
    } catch (RecipeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RecipeException(
          "%s failed at line %d: %s".formatted(operator.name(), sample.line(), e.getMessage()), e);
    } finally {
      tally.nanoseconds += System.nanoTime() - start;
    }
  }

  private static <T> Result<T> failed(String value, String bound, String chinese, String english) {
    return new Result<>(null, Optional.of(new Objection(value, bound, chinese, english)));
  }
}
