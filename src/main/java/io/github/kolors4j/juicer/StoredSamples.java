package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Samples that were set aside, all of them or some, in any order; they can be gone through as often
 * as one likes. Each time a sample is made anew.
 */
final class StoredSamples implements SampleSource, Iterable<Sample> {
  private final Spool spool;

  /** Null for all, as they lie there. */
  private final int @Nullable [] order;

  private final SampleBytes format;

  private StoredSamples(Spool spool, int @Nullable [] order, SampleBytes format) {
    this.spool = spool;
    this.order = order;
    this.format = format;
  }

  /** All of a list's samples. */
  static StoredSamples all(Spool spool, SampleBytes format) {
    return new StoredSamples(spool, null, format);
  }

  /** Those with these places in the list, in the order of the places; one may come twice. */
  static StoredSamples some(Spool spool, int[] places, SampleBytes format) {
    return new StoredSamples(spool, places, format);
  }

  int size() {
    return order == null ? spool.size() : order.length;
  }

  /** A sample as it was set aside. */
  byte[] bytes(int index) {
    return spool.get(order == null ? index : order[index]);
  }

  Sample get(int index) {
    return format.read(bytes(index));
  }

  @Override
  public void each(Consumer<Item> sink) {
    for (int i = 0; i < size(); i++) {
      byte[] bytes = bytes(i);
      double share = (i + 1.0) / size();
      sink.accept(new Item(bytes.length, share, () -> format.read(bytes)));
    }
  }

  @Override
  public Iterator<Sample> iterator() {
    return IntStream.range(0, size()).mapToObj(this::get).iterator();
  }
}
