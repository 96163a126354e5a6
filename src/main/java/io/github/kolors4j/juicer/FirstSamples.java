package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first samples of a data set as they have become, and why they were thrown out, if so. */
final class FirstSamples {
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 1 << 24;

  private final List<Sample> samples = new ArrayList<>();
  private final List<@Nullable Rejection> rejections = new ArrayList<>();
  private long bytes;
  private boolean full;

  /** Takes note of a sample, or of what it has become; {@code rejection} is null if it stays. */
  void put(Sample sample, @Nullable Rejection rejection, int size) {
    if (sample.number() < samples.size()) {
      samples.set((int) sample.number(), sample);
      rejections.set((int) sample.number(), rejection);
    } else if (!full) {
      samples.add(sample);
      rejections.add(rejection);
      bytes += size;
      full = samples.size() == MOST || bytes > MOST_BYTES;
    }
  }

  /** Whether a sample is among the first ones. */
  boolean has(long number) {
    return number < samples.size();
  }

  /** The samples in the order of the data set. */
  List<Sample> samples() {
    return Collections.unmodifiableList(samples);
  }

  /** Why the sample at this place was thrown out; null if it was not. */
  @Nullable Rejection rejection(int place) {
    return rejections.get(place);
  }
}
