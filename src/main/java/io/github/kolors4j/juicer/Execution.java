package io.github.kolors4j.juicer;

import io.github.kolors4j.image.PictureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Takes samples through a recipe's operators, several at once, their order kept. */
final class Execution implements AutoCloseable {
  private final ExecutorService threads;
  private final Tracer tracer;
  private final List<Rejection> rejections = new ArrayList<>();
  private final List<Juiced.Step> steps = new ArrayList<>();

  Execution(int threads, Tracer tracer) {
    this.threads = Executors.newFixedThreadPool(threads, Execution::thread);
    this.tracer = tracer;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "juicer");
    thread.setDaemon(true);
    return thread;
  }

  List<Rejection> rejections() {
    return rejections;
  }

  List<Juiced.Step> steps() {
    return steps;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** Data-juicer drops samples without text before the first operator. */
  List<Sample> withText(List<Sample> samples, List<String> textKeys) {
    List<Sample> kept = new ArrayList<>();
    for (Sample sample : samples) {
      Optional<String> missing =
          textKeys.stream().filter(key -> sample.text(key) == null).findFirst();
      if (missing.isEmpty()) {
        kept.add(sample);
      } else {
        String key = missing.get();
        rejections.add(
            new Rejection(
                sample,
                "text_keys",
                new Objection(
                    "null",
                    key,
                    "没有文字（" + key + " 为空）",
                    "there is no text (" + key + " is null)")));
      }
    }
    return kept;
  }

  /** The samples that an operator lets through. */
  List<Sample> apply(Operator operator, List<Sample> samples) {
    long start = System.nanoTime();
    int before = rejections.size();
    List<Sample> stayed;
    if (operator instanceof Filter filter) {
      stayed = filter(filter, samples);
    } else if (operator instanceof Mapper mapper) {
      stayed = map(mapper, samples);
    } else if (operator instanceof Deduplicator<?> deduplicator) {
      stayed = deduplicate(deduplicator, samples);
    } else {
      stayed = select((Selector<?>) operator, samples);
    }
    if (tracer.traces(operator) && (operator instanceof Filter || operator instanceof Selector)) {
      List<Rejection> rejected = rejections.subList(before, rejections.size());
      tracer.rejected(operator, rejected.stream().map(Rejection::sample).toList());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    steps.add(new Juiced.Step(operator.name(), samples.size(), stayed.size(), seconds));
    return stayed;
  }

  private List<Sample> filter(Filter filter, List<Sample> samples) {
    return examined(
        filter,
        samples,
        sample -> {
          filter.computeStatistics(sample);
          return filter.judge(sample);
        });
  }

  private List<Sample> map(Mapper mapper, List<Sample> samples) {
    boolean traced = tracer.traces(mapper);
    List<String> before = traced ? samples.stream().map(Sample::text).toList() : List.of();
    List<Sample> stayed =
        examined(
            mapper,
            samples,
            sample -> {
              mapper.process(sample);
              return Optional.empty();
            });
    if (traced) {
      tracer.mapped(mapper, before, samples.stream().map(Sample::text).toList());
    }
    return stayed;
  }

  private <F> List<Sample> deduplicate(Deduplicator<F> deduplicator, List<Sample> samples) {
    List<Sample> readable = new ArrayList<>();
    List<F> fingerprints = new ArrayList<>();
    List<Result<F>> results = each(deduplicator, samples, deduplicator::fingerprint);
    for (int i = 0; i < samples.size(); i++) {
      if (keepOrReject(deduplicator, samples.get(i), results.get(i).failure())) {
        readable.add(samples.get(i));
        fingerprints.add(results.get(i).value());
      }
    }
    int[] originals = deduplicator.originals(fingerprints);
    if (tracer.traces(deduplicator)) {
      tracer.duplicates(deduplicator, readable, originals);
    }
    List<Sample> stayed = new ArrayList<>();
    for (int i = 0; i < originals.length; i++) {
      if (originals[i] == i) {
        stayed.add(readable.get(i));
      } else {
        int line = readable.get(originals[i]).line();
        rejections.add(
            new Rejection(
                readable.get(i),
                deduplicator.name(),
                new Objection(
                    "line " + line,
                    "no duplicates",
                    "与第 " + line + " 行重复",
                    "repeats line " + line)));
      }
    }
    return stayed;
  }

  private <K> List<Sample> select(Selector<K> selector, List<Sample> samples) {
    List<K> keys = new ArrayList<>();
    samples.forEach(sample -> keys.add(selector.key(sample)));
    int[] chosen = selector.select(keys);
    Set<Integer> picked = new HashSet<>();
    Arrays.stream(chosen).forEach(picked::add);
    for (int i = 0; i < samples.size(); i++) {
      if (!picked.contains(i)) {
        rejections.add(
            new Rejection(
                samples.get(i),
                selector.name(),
                new Objection(
                    String.valueOf(keys.get(i)), "selected", "没有被选中", "was not selected")));
      }
    }
    return Arrays.stream(chosen).mapToObj(samples::get).toList();
  }

  private List<Sample> examined(
      Operator operator, List<Sample> samples, Function<Sample, Optional<Objection>> examination) {
    List<Result<Optional<Objection>>> results = each(operator, samples, examination);
    List<Sample> stayed = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Result<Optional<Objection>> result = results.get(i);
      Optional<Objection> objection = result.failure().or(() -> result.value());
      if (keepOrReject(operator, samples.get(i), objection)) {
        stayed.add(samples.get(i));
      }
    }
    return stayed;
  }

  private boolean keepOrReject(Operator operator, Sample sample, Optional<Objection> objection) {
    objection.ifPresent(o -> rejections.add(new Rejection(sample, operator.name(), o)));
    return objection.isEmpty();
  }

  /** What became of one sample: a value, or why there is none. */
  private record Result<T>(T value, Optional<Objection> failure) {}

  private <T> List<Result<T>> each(
      Operator operator, List<Sample> samples, Function<Sample, T> work) {
    try {
      List<Future<Result<T>>> futures = new ArrayList<>();
      for (Sample sample : samples) {
        futures.add(threads.submit(() -> attempt(sample, work)));
      }
      List<Result<T>> results = new ArrayList<>();
      for (Future<Result<T>> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RecipeException("The recipe was stopped; nothing was written.", e);
    } catch (ExecutionException e) {
      throw new RecipeException(
          operator.name() + " failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static <T> Result<T> attempt(Sample sample, Function<Sample, T> work) {
    try {
      return new Result<>(work.apply(sample), Optional.empty());
    } catch (PictureException e) {
      return new Result<>(
          null,
          Optional.of(
              new Objection(
                  e.file().getFileName().toString(),
                  "readable",
                  "图片无法读取：" + e.file().getFileName(),
                  "the picture cannot be read: " + e.file().getFileName() + " " + e.reason())));
    } catch (StackOverflowError e) {
      // Java's regular expressions recurse: a text of many thousand characters can be too much.
      return new Result<>(
          null,
          Optional.of(
              new Objection(
                  "too long",
                  "length",
                  "文字太长，正则表达式无法处理",
                  "the text is too long for the expression")));
    }
  }
}
