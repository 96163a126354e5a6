package io.github.kolors4j.internal.tensor;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Computations that do not need each other, at the same time, each with its share of the
 * processors.
 *
 * <p>PyTorch splits every operator among its threads, which wait for each other before the next
 * one. Many small operators lose more by that than they gain, and the more, the busier the
 * processors are with another program's threads.
 */
public final class SideBySide {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "kolors4j side by side");
            thread.setDaemon(true);
            return thread;
          });

  private SideBySide() {}

  /**
   * Runs computations. Gradients are off, unless a computation itself turns them on.
   *
   * @return their results, in their order
   * @throws RuntimeException of the first that failed, when all have ended
   */
  public static <T> List<T> run(List<Supplier<T>> computations) {
    int all = JniUtils.getNumThreads();
    if (all < computations.size()) {
      return computations.stream().map(Supplier::get).toList();
    }
    int share = all / computations.size();
    AtomicBoolean set = new AtomicBoolean();
    List<CompletableFuture<T>> running =
        computations.stream()
            .map(
                computation ->
                    CompletableFuture.supplyAsync(() -> run(computation, share, set), THREADS))
            .toList();
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
      return running.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // too little memory, for one
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      if (set.get()) {
        JniUtils.setNumThreads(all); // what threads get that PyTorch has not met yet
      }
    }
  }

  /**
   * Runs many small computations, dealt to as many threads as PyTorch has. Gradients are off.
   *
   * @throws RuntimeException of the first that failed, when all have ended
   */
  public static void runAll(List<Runnable> computations) {
    int hands = Math.min(JniUtils.getNumThreads(), computations.size());
    if (hands == 0) {
      return;
    }
    run(
        IntStream.range(0, hands)
            .<Supplier<Boolean>>mapToObj(
                hand ->
                    () -> {
                      for (int i = hand; i < computations.size(); i += hands) {
                        computations.get(i).run();
                      }
                      return true;
                    })
            .toList());
  }

  private static <T> T run(Supplier<T> computation, int threads, AtomicBoolean set) {
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
      set.set(true);
    }
    try (Gradients off = Gradients.disable()) {
      return computation.get();
    }
  }
}
