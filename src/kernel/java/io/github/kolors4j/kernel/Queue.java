package io.github.kolors4j.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The requests that wait behind a cell that failed. Cells among them are answered with the status
 * {@code aborted}, everything else is done, in the order in which they came (ipykernel's {@code
 * Kernel._abort_queues}).
 *
 * @param <M> a request
 * @param <R> the answer to one, as far as it is made
 */
final class Queue<M, R> {
  /** Run All sends its cells one by one: they have all come when none has for so long. */
  private static final long QUIET_MILLIS = 100;

  private static final long MOST_MILLIS = 2_000;
  private static final long LOOK_EVERY_MILLIS = 5;

  /**
   * The channel by which requests come. IJava and JJava have the same classes for it in different
   * packages.
   *
   * @param <M> a request
   * @param <R> the answer to one, as far as it is made
   */
  interface Channel<M, R> {
    /** Whether a request waits. */
    boolean hasNext();

    M next();

    boolean isCell(M request);

    /** Begins an answer. */
    R begin(M request);

    /** Answers that this cell was not run. */
    void abort(M request, R answer);

    /** Does what is asked for, as if no cell had failed. */
    void handle(M request, R answer) throws Exception;

    /** Sends what is left of an answer. */
    void finish(R answer);
  }

  private final Channel<M, R> channel;

  Queue(Channel<M, R> channel) {
    this.channel = channel;
  }

  /**
   * Answers the request that failed, then all that had come until then.
   *
   * @param failed the answer to the one that failed, which is not yet sent
   */
  void abort(R failed) {
    List<M> waiting = waiting();
    channel.finish(failed);
    waiting.forEach(this::answer);
  }

  private void answer(M request) {
    R answer = channel.begin(request);
    try {
      if (channel.isCell(request)) {
        channel.abort(request, answer);
      } else {
        channel.handle(request, answer);
      }
    } catch (Exception e) {
      System.err.println("The kernel could not answer a request that waited: " + e);
    } finally {
      channel.finish(answer);
    }
  }

  /** Nobody who waits for the failed request's answer can be among them: it is sent afterwards. */
  private List<M> waiting() {
    List<M> waiting = new ArrayList<>();
    long now = System.nanoTime();
    long most = now + MOST_MILLIS * 1_000_000;
    long until = now + QUIET_MILLIS * 1_000_000;
    while (now < Math.min(until, most)) {
      if (channel.hasNext()) {
        waiting.add(channel.next());
        until = System.nanoTime() + QUIET_MILLIS * 1_000_000;
      } else {
        pause();
      }
      now = System.nanoTime();
    }
    return waiting;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
