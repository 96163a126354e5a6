package io.github.kolors4j.training;

import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Indices in the order of torch's {@code DataLoader(shuffle=True)} in Lightning: all of them in
 * each epoch, in another order. Each epoch draws a seed for its workers, which nobody uses here,
 * and one for its order; Lightning draws a further one before the first epoch, when it tries the
 * loader.
 */
final class ShuffledIndices {
  private static final String HIGH = "shuffle.seed_high";
  private static final String LOW = "shuffle.seed_low";
  private static final String POSITION = "shuffle.position";

  private final int length;
  private long seed;
  private long @Nullable [] order;
  private int position;

  /**
   * @param length indices of an epoch
   */
  ShuffledIndices(int length) {
    this.length = length;
  }

  int next(TorchRandom random) {
    long[] shuffled = order;
    if (shuffled == null || position == length) {
      random.random();
      shuffled = shuffle(random.random(), 0);
    }
    return (int) shuffled[position++];
  }

  private long[] shuffle(long newSeed, int newPosition) {
    seed = newSeed;
    position = newPosition;
    long[] shuffled = new TorchRandom(seed).randperm(length);
    order = shuffled;
    return shuffled;
  }

  /** Where this stands, as numbers that a float64 holds exactly. */
  Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (order != null) {
      numbers.put(HIGH, (double) (seed >>> 32));
      numbers.put(LOW, (double) (seed & 0xFFFFFFFFL));
      numbers.put(POSITION, (double) position);
    }
    return numbers;
  }

  /** Goes on where {@link #numbers} were taken. */
  void restore(Map<String, Double> numbers) {
    Double high = numbers.get(HIGH);
    Double low = numbers.get(LOW);
    Double place = numbers.get(POSITION);
    if (high != null && low != null && place != null) {
      shuffle(high.longValue() << 32 | low.longValue(), place.intValue());
    }
  }
}
