package io.github.kolors4j.internal.juicer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks samples out of the whole set, and may change their order.
 *
 * @param <K> what it looks at in each sample
 */
public non-sealed interface Selector<K> extends Operator {
  /** What is looked at in a sample; may be null. */
  @Nullable K key(Sample sample);

  /** The indices of the picked samples, in their new order. */
  int[] select(List<@Nullable K> keys);
}
