package io.github.kolors4j.kernel;

import java.util.Arrays;

/**
 * The cells that a kernel runs one after another, and how one of them is ended. IJava and its heir
 * JJava give an interrupted cell up at once, while its thread goes on for a moment, and forget an
 * interrupt that comes while a statement is being compiled.
 */
final class Cells {
  private static final long LOOK_EVERY_MILLIS = 20;

  /** How long an interrupted cell may take to its end. */
  private static final long PATIENCE_MILLIS = 15_000;

  private static final long MOST_COMPILING_MILLIS = 5_000;

  /** How JShell calls the classes that it makes of cells. */
  private static final String CELL_CLASSES = "REPL.";

  private final String threads;

  /** The number of the cell that runs, 0 between cells. */
  private volatile long running;

  private long executed;

  /** Whether the cell that runs is to end. */
  private volatile boolean interrupted;

  /** Whether an interrupt has ended the cell that runs. */
  private volatile boolean ended;

  /**
   * No cells yet.
   *
   * @param threads how the names of the kernel's threads that run cells begin
   */
  Cells(String threads) {
    this.threads = threads;
  }

  /** Runs a cell to its end. */
  void run(Runnable cell) {
    interrupted = false;
    ended = false;
    running = ++executed;
    try {
      cell.run();
    } finally {
      running = 0;
    }
  }

  /** Whether the cell that runs was interrupted: none of its statements is to follow. */
  boolean isInterrupted() {
    return interrupted;
  }

  /**
   * Ends the cell that runs. A statement that is just being compiled cannot be ended before it
   * runs: it is tried again.
   *
   * @param statement ends the statement that runs, if one does
   */
  void interrupt(Runnable statement) {
    long cell = running;
    interrupted = cell != 0;
    long until = System.nanoTime() + MOST_COMPILING_MILLIS * 1_000_000;
    do {
      statement.run();
      pause();
    } while (running == cell && cell != 0 && !ended && System.nanoTime() < until);
  }

  /**
   * An interrupt has ended the cell that runs: waits for its thread, whose outputs belong to it.
   */
  void awaitEnd() {
    ended = true;
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (threadRuns()) {
      if (System.nanoTime() > until) {
        System.err.println(
            "这格代码没有理会中断，还在后台运行；要结束它，请重启内核。(This cell's code does not heed the interrupt and"
                + " goes on in the background: restart the kernel to end it.)");
        return;
      }
      pause();
    }
  }

  private boolean threadRuns() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith(threads))
        .flatMap(thread -> Arrays.stream(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().startsWith(CELL_CLASSES));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
