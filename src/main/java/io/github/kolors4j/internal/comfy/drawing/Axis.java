package io.github.kolors4j.internal.comfy.drawing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One direction of a drawing, from the file's units to pixels. It is scaled evenly, but where a
 * stretch would be too small for the text in it, it is drawn longer: what was left of, above or
 * within something stays so.
 */
final class Axis {
  private static final int TRIES = 20;

  /** A stretch that needs some pixels. */
  private record Span(double from, double to, double pixels) {}

  private final List<Span> spans = new ArrayList<>();
  private final TreeMap<Double, Double> places = new TreeMap<>();

  /** Asks that a stretch of the file's units takes this many pixels at least. */
  void require(double from, double to, double pixels) {
    spans.add(new Span(from, to, from < to ? pixels : 0));
  }

  /**
   * Chooses the largest scale up to {@code largest} at which all takes no more than {@code room}
   * pixels, but none below {@code smallest}.
   *
   * @return the scale
   */
  double fit(double room, double smallest, double largest) {
    double low = smallest;
    double high = largest;
    if (place(high) <= room) {
      return high;
    }
    for (int i = 0; i < TRIES; i++) {
      double scale = (low + high) / 2;
      if (place(scale) <= room) {
        low = scale;
      } else {
        high = scale;
      }
    }
    place(low);
    return low;
  }

  /** Places all ends of stretches at this scale; returns how many pixels all of it takes. */
  private double place(double scale) {
    TreeMap<Double, List<Span>> ending = new TreeMap<>();
    for (Span span : spans) {
      ending.computeIfAbsent(span.from, at -> new ArrayList<>());
      ending.computeIfAbsent(span.to, at -> new ArrayList<>()).add(span);
    }
    places.clear();
    double before = 0;
    double pixel = 0;
    for (Map.Entry<Double, List<Span>> end : ending.entrySet()) {
      double at = end.getKey();
      if (!places.isEmpty()) {
        pixel += (at - before) * scale;
      }
      for (Span span : end.getValue()) {
        if (span.from < at) {
          pixel = Math.max(pixel, places.getOrDefault(span.from, 0.0) + span.pixels);
        }
      }
      places.put(at, pixel);
      before = at;
    }
    return pixel;
  }

  /** The pixel of a place, from 0 where the first stretch begins. */
  double at(double place) {
    Map.Entry<Double, Double> below = places.floorEntry(place);
    Map.Entry<Double, Double> above = places.ceilingEntry(place);
    if (below == null || above == null) {
      return below == null ? 0 : below.getValue();
    }
    double length = above.getKey() - below.getKey();
    double share = length == 0 ? 0 : (place - below.getKey()) / length;
    return below.getValue() + share * (above.getValue() - below.getValue());
  }

  /** How many pixels all of it takes. */
  double length() {
    return places.isEmpty() ? 0 : places.lastEntry().getValue();
  }
}
