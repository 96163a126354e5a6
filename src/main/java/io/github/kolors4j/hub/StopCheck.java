package io.github.kolors4j.hub;

import io.github.kolors4j.StoppedException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Ends a download when its thread is interrupted or a person asks for it. */
record StopCheck(BooleanSupplier stopped) {
  private static final long LOOK_EVERY_MILLIS = 50;

  /**
   * @throws StoppedException if the download is to end
   */
  void check() {
    if (Thread.currentThread().isInterrupted() || stopped.getAsBoolean()) {
      throw exception();
    }
  }

  static StoppedException exception() {
    return new StoppedException(
        "The download was stopped. What has arrived is kept: run it again to go on from there.");
  }

  /** Waits, and looks now and then whether the download is to end. */
  void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
      check();
      try {
        Thread.sleep(Math.min(left, LOOK_EVERY_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    check();
  }
}
