package io.github.kolors4j.concepts;

import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.concepts.HeatColours;
import java.awt.image.BufferedImage;

/**
 * A number for each place of a picture, on a grid coarser than its pixels: for instance how much
 * attention a word gets there. As a cell's last expression it shows itself, from dark (the least)
 * to bright (the most).
 *
 * @param label what the numbers say
 * @param height rows of the grid
 * @param width columns
 * @param values the numbers in row-major order
 */
public record HeatMap(String label, int height, int width, float[] values) implements Renderable {
  /** Longer side of a map that shows itself, in pixels. */
  private static final int SHOWN = 192;

  /** Copies the values. */
  public HeatMap {
    if (height < 1 || width < 1 || values.length != height * width) {
      throw new IllegalArgumentException(
          "%d values for a grid of %d × %d.".formatted(values.length, height, width));
    }
    values = values.clone();
  }

  /** A copy of the numbers. */
  @Override
  public float[] values() {
    return values.clone();
  }

  /** The mean: of a word's attention, its share of the whole picture's. */
  public double mean() {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The largest number by the mean: 1 where all places are alike. */
  public double contrast() {
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      most = Math.max(most, value);
    }
    return most / mean();
  }

  /** The numbers at every pixel of a picture of that size, row by row, interpolated linearly. */
  public float[] enlarged(int pixelHeight, int pixelWidth) {
    return HeatColours.enlarged(values, height, width, pixelHeight, pixelWidth);
  }

  /**
   * The map over a picture, which turns grey. The colours' scale is this map's own, from its least
   * to its largest number: look at {@link #mean} and {@link #contrast} before comparing two.
   */
  public BufferedImage over(BufferedImage picture) {
    return HeatColours.over(picture, values, height, width);
  }

  @Override
  public BufferedImage render() {
    int longer = Math.max(height, width);
    int shownWidth = Math.max(1, SHOWN * width / longer);
    int shownHeight = Math.max(1, SHOWN * height / longer);
    return HeatColours.of(values, height, width, shownWidth, shownHeight);
  }

  @Override
  public String toString() {
    return "%s: mean %.3g, at most %.1f times that".formatted(label, mean(), contrast());
  }
}
