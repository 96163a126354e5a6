package io.github.kolors4j.juicer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Tasks that run on several threads, and whose results are handed over in the order of the tasks.
 * Only a few are under way at once: who submits more has to wait, so that neither what they work on
 * nor what they make of it piles up.
 *
 * @param <T> what a task results in
 */
final class OrderedTasks<T> {
  /** Tasks under way work on no more than so many bytes, unless one does. */
  private static final long MOST_BYTES = 1 << 24;

  private final ExecutorService threads;
  private final int most;
  private final Consumer<T> sink;
  private final Deque<Task<T>> underWay = new ArrayDeque<>();
  private long size;

  private record Task<T>(Future<T> result, long size) {}

  /** So many threads for tasks; they do not keep the program from ending. */
  static ExecutorService threads(int count) {
    return Executors.newFixedThreadPool(
        count,
        work -> {
          Thread thread = new Thread(work, "juicer");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** {@code sink} is called by the thread that submits. */
  OrderedTasks(ExecutorService threads, int most, Consumer<T> sink) {
    this.threads = threads;
    this.most = most;
    this.sink = sink;
  }

  /**
   * Starts a task, and hands over the results of the oldest if too many are under way.
   *
   * @param bytes about what it works on
   * @throws RuntimeException the one that the oldest task ended with
   */
  void submit(long bytes, Callable<T> task) {
    while (underWay.size() == most || size + bytes > MOST_BYTES && !underWay.isEmpty()) {
      handOverOldest();
    }
    underWay.add(new Task<>(threads.submit(task), bytes));
    size += bytes;
  }

  /** Waits for all and hands over their results. */
  void finish() {
    while (!underWay.isEmpty()) {
      handOverOldest();
    }
  }

  private void handOverOldest() {
    Task<T> oldest = underWay.remove();
    size -= oldest.size();
    T result;
    try {
      result = oldest.result().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RecipeException("The recipe was stopped; nothing was written.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
    sink.accept(result);
  }
}
