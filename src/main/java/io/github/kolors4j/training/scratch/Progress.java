package io.github.kolors4j.training.scratch;

import java.time.Duration;
import java.time.Instant;

/** Prints the mean loss and the time left every hundred steps. */
final class Progress {
  private static final int EVERY = 100;

  private final String name;
  private final long steps;
  private final Instant start = Instant.now();
  private long first = -1;
  private double sum;
  private int count;

  Progress(String name, long steps) {
    this.name = name;
    this.steps = steps;
  }

  void step(long step, double loss) {
    if (first < 0) {
      first = step - 1;
    }
    sum += loss;
    count++;
    if (step % EVERY == 0 || step == steps) {
      Duration spent = Duration.between(start, Instant.now());
      Duration left = spent.multipliedBy(steps - step).dividedBy(step - first);
      System.out.printf(
          "%s step %d/%d loss %.5f, %d ms a step, %d min left%n",
          name, step, steps, sum / count, spent.toMillis() / (step - first), left.toMinutes());
      sum = 0;
      count = 0;
    }
  }
}
