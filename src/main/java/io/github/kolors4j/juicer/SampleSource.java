package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Samples in an order, which are made one by one. */
@FunctionalInterface
interface SampleSource {
  /**
   * A sample that has been read, but not yet taken apart.
   *
   * @param size about how many bytes it takes
   * @param share the part of all samples that has been read with it, from 0 to 1
   * @param sample makes the sample; another thread may do this, once
   */
  record Item(long size, double share, Supplier<Sample> sample) {}

  /** Hands over all samples, from the first to the last. */
  void each(Consumer<Item> sink);
}
