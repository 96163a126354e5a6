package io.github.kolors4j.concepts;

import io.github.kolors4j.charts.Charts;
import io.github.kolors4j.image.Renderable;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** What a {@link Fitting} went through: the loss at each step, and how long it took. */
public final class Losses implements Renderable {
  private final String name;
  private final double[][] values;
  private final double seconds;

  Losses(String name, double[][] values, double seconds) {
    this.name = name;
    this.values = values;
    this.seconds = seconds;
  }

  /** The loss at each step, of the first (or only) player. */
  public double[] values() {
    return values(0);
  }

  /** The loss at each step of one player, from 0. */
  public double[] values(int player) {
    return values[player].clone();
  }

  /** The mean of the last tenth of the steps, of the first (or only) player. */
  public double last() {
    double[] all = values[0];
    int first = Math.min(all.length - 1, all.length * 9 / 10);
    return Arrays.stream(all, first, all.length).average().orElseThrow();
  }

  /** How long the training took. */
  public double seconds() {
    return seconds;
  }

  /** The losses over the steps, each averaged over about a hundredth of them. */
  public XYChart chart(String... players) {
    Map<String, double[]> smooth = new LinkedHashMap<>();
    for (int p = 0; p < values.length; p++) {
      smooth.put(p < players.length ? players[p] : "loss " + (p + 1), smooth(values[p]));
    }
    double[] steps = new double[smooth.values().iterator().next().length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (i + 0.5) * values[0].length / steps.length;
    }
    return Charts.lines(name, "步 (step)", "损失 (loss)", steps, smooth);
  }

  private static double[] smooth(double[] losses) {
    int pieces = Math.min(100, losses.length);
    double[] means = new double[pieces];
    for (int i = 0; i < pieces; i++) {
      int from = i * losses.length / pieces;
      int to = (i + 1) * losses.length / pieces;
      means[i] = Arrays.stream(losses, from, to).average().orElseThrow();
    }
    return means;
  }

  @Override
  public BufferedImage render() {
    return BitmapEncoder.getBufferedImage(chart());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %d steps in %.1f s, loss %.4f", name, values[0].length, seconds, last());
  }
}
