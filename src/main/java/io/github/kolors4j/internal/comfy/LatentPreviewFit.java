package io.github.kolors4j.internal.comfy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Finds the linear map from an autoencoder's latents to pixels (least squares). Examples are what
 * it decodes: latents of drawn pictures, with noise on some as in the middle of a run, and latents
 * that chance made.
 */
final class LatentPreviewFit {
  /** Of each kind. */
  private static final int EXAMPLES = 9;

  private static final int SIDE = 256;

  /** Keeps the equations solvable where numbers depend on each other, relative to their size. */
  private static final double RIDGE = 1e-3;

  /** Up to as many channels a latent says little of its place: it is taken by itself. */
  private static final int FEW_CHANNELS = 4;

  private final KolorsPipeline pipeline;
  private final Random random = new Random(1);
  private final int channels;
  private final int reach;
  private final int pixels;
  private final int columns;
  private final LeastSquares equations;

  LatentPreviewFit(KolorsPipeline pipeline) {
    this.pipeline = pipeline;
    channels = pipeline.config().vae().latentChannels();
    reach = channels > FEW_CHANNELS ? 1 : 0;
    columns = SIDE / pipeline.config().vae().downscale();
    pixels = Math.max(1, (int) Math.sqrt(channels));
    equations = new LeastSquares(LatentPreview.features(channels, reach), 3 * pixels * pixels);
  }

  LatentPreview fit() {
    for (int i = 0; i < EXAMPLES; i++) {
      float[] latents = encoded(drawn(random));
      float noise = i % 3 * 0.3f;
      for (int j = 0; j < latents.length; j++) {
        latents[j] += noise * (float) random.nextGaussian();
      }
      add(latents);
      add(byChance());
    }
    return new LatentPreview(channels, reach, pixels, equations.solve(RIDGE));
  }

  /** The mean of a picture's latents, scaled as the UNet has them. */
  private float[] encoded(BufferedImage picture) {
    Autoencoder vae = pipeline.vae();
    try (NDArray moments = pipeline.encode(picture);
        NDArray mean = vae.mean(moments);
        NDArray scaled = mean.mul(vae.config().scalingFactor())) {
      return scaled.toFloatArray();
    }
  }

  private float[] decoded(float[] latents) {
    double scale = pipeline.config().vae().scalingFactor();
    float[] unscaled = new float[latents.length];
    for (int i = 0; i < latents.length; i++) {
      unscaled[i] = (float) (latents[i] / scale);
    }
    try (NDArray picture =
        pipeline.decodeUnscaled(unscaled, new Shape(1, channels, columns, columns))) {
      return PictureTensor.toFloats(KolorsPipeline.toPicture(picture));
    }
  }

  /** Normal numbers that change slowly from place to place, and a little noise. */
  private float[] byChance() {
    float[] latents = new float[channels * columns * columns];
    int knots = 4;
    for (int c = 0; c < channels; c++) {
      double[][] values = new double[knots + 1][knots + 1];
      for (double[] row : values) {
        for (int i = 0; i <= knots; i++) {
          row[i] = random.nextGaussian();
        }
      }
      for (int cell = 0; cell < columns * columns; cell++) {
        double y = (double) (cell / columns) / columns * knots;
        double x = (double) (cell % columns) / columns * knots;
        latents[c * columns * columns + cell] =
            (float) (1.2 * between(values, y, x) + 0.4 * random.nextGaussian());
      }
    }
    return latents;
  }

  private static double between(double[][] values, double y, double x) {
    int top = (int) y;
    int left = (int) x;
    double down = y - top;
    double across = x - left;
    double above = values[top][left] * (1 - across) + values[top][left + 1] * across;
    double below = values[top + 1][left] * (1 - across) + values[top + 1][left + 1] * across;
    return above * (1 - down) + below * down;
  }

  /** Areas, edges and gradients of all colours, as cartoons and photographs have them. */
  private static BufferedImage drawn(Random random) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setPaint(
        new GradientPaint(0, 0, colour(random), random.nextInt(SIDE), SIDE, colour(random)));
    graphics.fillRect(0, 0, SIDE, SIDE);
    for (int i = 0; i < 14; i++) {
      int size = 16 + random.nextInt(SIDE / 2);
      int x = random.nextInt(SIDE) - size / 2;
      int y = random.nextInt(SIDE) - size / 2;
      graphics.setPaint(
          random.nextBoolean()
              ? colour(random)
              : new GradientPaint(x, y, colour(random), x + size, y + size, colour(random)));
      if (random.nextBoolean()) {
        graphics.fillOval(x, y, size, 8 + random.nextInt(size));
      } else {
        graphics.fillRect(x, y, size, 8 + random.nextInt(size));
      }
      graphics.setPaint(colour(random));
      graphics.setStroke(new BasicStroke(1 + random.nextInt(5)));
      graphics.drawLine(x, y, random.nextInt(SIDE), random.nextInt(SIDE));
    }
    graphics.dispose();
    return picture;
  }

  private static Color colour(Random random) {
    return Color.getHSBColor(
        random.nextFloat(), (float) Math.sqrt(random.nextFloat()), random.nextFloat());
  }

  /** Takes a picture's latents in, and what they are decoded to. */
  private void add(float[] latents) {
    float[] picture = decoded(latents);
    int block = SIDE / columns / pixels;
    float[] features = new float[LatentPreview.features(channels, reach)];
    float[] wanted = new float[3 * pixels * pixels];
    for (int cell = 0; cell < columns * columns; cell++) {
      LatentPreview.features(latents, channels, reach, columns, columns, cell, features);
      int left = cell % columns * block * pixels;
      int top = cell / columns * block * pixels;
      for (int i = 0; i < wanted.length; i++) {
        int pixel = i / 3;
        int x = left + pixel % pixels * block;
        int y = top + pixel / pixels * block;
        wanted[i] = mean(picture, i % 3, x, y, block);
      }
      equations.add(features, wanted);
    }
  }

  private static float mean(float[] picture, int colour, int left, int top, int block) {
    float sum = 0;
    for (int y = top; y < top + block; y++) {
      for (int x = left; x < left + block; x++) {
        sum += picture[(colour * SIDE + y) * SIDE + x];
      }
    }
    return sum / (block * block);
  }
}
