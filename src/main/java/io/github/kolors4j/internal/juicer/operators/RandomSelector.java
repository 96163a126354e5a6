package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code random_selector}: shuffles the samples and keeps the first ones. As in data-juicer the
 * seed is always 42; if more samples are asked for than there are, some come twice; and a ratio
 * that leaves none keeps all, shuffled or not as they were.
 */
final class RandomSelector implements Selector<Void> {
  /** The name in recipes. */
  static final String NAME = "random_selector";

  private static final int SEED = 42;

  private final Portion portion;

  /** From {@code select_ratio, select_num}; of both, the one that keeps less. */
  RandomSelector(Parameters parameters) {
    portion = Portion.of(parameters, "select_ratio", "select_num");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Void key(Sample sample) {
    return null;
  }

  @Override
  public int[] select(List<@Nullable Void> keys) {
    int size = keys.size();
    int selected = portion.isEmpty() ? size : portion.of(size);
    if (size <= 1 || selected == 0 || selected == size) {
      return IntStream.range(0, size).toArray();
    }
    int[] order = new PermutedCongruential(SEED).permutation(size);
    // All of them, as often as they fit but for the last time, and then the first ones.
    int rounds = Math.max(0, (selected + size - 1) / size - 1);
    return IntStream.range(0, selected)
        .map(i -> order[i - Math.min(i / size, rounds) * size])
        .toArray();
  }
}
