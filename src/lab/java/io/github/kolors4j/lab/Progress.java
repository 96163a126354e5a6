package io.github.kolors4j.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * Prints the mean loss and the time left every hundred steps, and adds a line of JSON to the run's
 * log: its step, loss and seconds since the last line.
 */
final class Progress {
  private static final int EVERY = 100;

  private final String name;
  private final long steps;
  private final Path log;
  private final Instant start = Instant.now();
  private Instant last = start;
  private long first = -1;
  private double sum;
  private int count;

  /**
   * @param log of the run; lines are added
   */
  Progress(String name, long steps, Path log) {
    this.name = name;
    this.steps = steps;
    this.log = log;
  }

  void step(long step, double loss) {
    if (first < 0) {
      first = step - 1;
    }
    sum += loss;
    count++;
    if (step % EVERY == 0 || step == steps) {
      Instant now = Instant.now();
      Duration spent = Duration.between(start, now);
      Duration left = spent.multipliedBy(steps - step).dividedBy(step - first);
      System.out.printf(
          "%s step %d/%d loss %.5f, %d ms a step, %d min left%n",
          name, step, steps, sum / count, spent.toMillis() / (step - first), left.toMinutes());
      write(
          String.format(
              "{\"step\":%d,\"loss\":%.6f,\"seconds\":%.1f}%n",
              step, sum / count, Duration.between(last, now).toMillis() / 1000.0));
      last = now;
      sum = 0;
      count = 0;
    }
  }

  /** Prints and writes down the loss of pictures that are not learned from. */
  void validation(long step, double loss) {
    System.out.printf("%s step %d validation loss %.6f%n", name, step, loss);
    write(String.format("{\"step\":%d,\"validation\":%.6f}%n", step, loss));
  }

  private void write(String line) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("The log " + log + " cannot be written.", e);
    }
  }
}
