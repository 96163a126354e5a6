package io.github.kolors4j.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** Says after Ctrl+C what is there and how to go on, where a command ends at once. */
final class OnInterrupt implements AutoCloseable {
  private final Thread hook;

  private OnInterrupt(Thread hook) {
    this.hook = hook;
  }

  /** Says this if the program is ended before {@link #close}. */
  static OnInterrupt say(PrintWriter out, Supplier<String> words) {
    Thread hook =
        new Thread(
            () -> {
              out.println("\n" + words.get());
              out.flush();
            });
    Runtime.getRuntime().addShutdownHook(hook);
    return new OnInterrupt(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is ending already, and has been said.
    }
  }
}
