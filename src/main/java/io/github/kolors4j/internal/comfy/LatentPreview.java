package io.github.kolors4j.internal.comfy;

import ai.djl.ndarray.NDArray;
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
 * A picture of latents without an autoencoder: each latent's numbers give a few pixels by a linear
 * map, which was fitted to what the autoencoder makes of drawn pictures (least squares). As ComfyUI
 * does it with numbers that people found for the known autoencoders ({@code Latent2RGB}), but for
 * any, and with as many pixels as the latents have channels.
 */
public final class LatentPreview {
  private static final int PICTURES = 10;
  private static final int SIDE = 256;

  /** Keeps the equations solvable where channels depend on each other, relative to their size. */
  private static final double RIDGE = 1e-4;

  private final int channels;

  /** Pixels along a side of one latent. */
  private final int pixels;

  /** For each colour of each pixel of a latent: a factor for each channel, then what is added. */
  private final double[][] map;

  private LatentPreview(int channels, int pixels, double[][] map) {
    this.channels = channels;
    this.pixels = pixels;
    this.map = map;
  }

  /** The preview for a pipeline's autoencoder. */
  static LatentPreview fit(KolorsPipeline pipeline) {
    Autoencoder vae = pipeline.vae();
    int channels = vae.config().latentChannels();
    int pixels = Math.max(1, (int) Math.sqrt(channels));
    LeastSquares equations = new LeastSquares(channels + 1, 3 * pixels * pixels);
    Random random = new Random(1);
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage picture = drawn(random);
      float[] latents = encoded(pipeline, picture);
      add(equations, latents, channels, PictureTensor.toFloats(picture), pixels);
    }
    return new LatentPreview(channels, pixels, equations.solve(RIDGE));
  }

  /** The mean of a picture's latents, scaled as the UNet has them. */
  private static float[] encoded(KolorsPipeline pipeline, BufferedImage picture) {
    Autoencoder vae = pipeline.vae();
    try (NDArray moments = pipeline.encode(picture);
        NDArray mean = vae.mean(moments);
        NDArray scaled = mean.mul(vae.config().scalingFactor())) {
      return scaled.toFloatArray();
    }
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

  private static void add(
      LeastSquares equations, float[] latents, int channels, float[] picture, int pixels) {
    int cells = latents.length / channels;
    int columns = (int) Math.round(Math.sqrt(cells));
    int block = SIDE / columns / pixels;
    double[] features = new double[channels + 1];
    double[] targets = new double[3 * pixels * pixels];
    features[channels] = 1;
    for (int cell = 0; cell < cells; cell++) {
      for (int c = 0; c < channels; c++) {
        features[c] = latents[c * cells + cell];
      }
      int left = cell % columns * block * pixels;
      int top = cell / columns * block * pixels;
      for (int i = 0; i < targets.length; i++) {
        int pixel = i / 3;
        int x = left + pixel % pixels * block;
        int y = top + pixel / pixels * block;
        targets[i] = mean(picture, i % 3, x, y, block);
      }
      equations.add(features, targets);
    }
  }

  private static double mean(float[] picture, int colour, int left, int top, int block) {
    double sum = 0;
    for (int y = top; y < top + block; y++) {
      for (int x = left; x < left + block; x++) {
        sum += picture[(colour * SIDE + y) * SIDE + x];
      }
    }
    return sum / (block * block);
  }

  /**
   * The picture of one picture's latents: {@code sqrt(channels)} pixels a latent in each direction.
   *
   * @param latents in row-major order (channels, height, width), scaled as the UNet has them
   * @param height of the latents
   * @param width of the latents
   */
  public BufferedImage picture(float[] latents, int height, int width) {
    BufferedImage picture =
        new BufferedImage(width * pixels, height * pixels, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[pixels * pixels];
    int cells = height * width;
    for (int cell = 0; cell < cells; cell++) {
      for (int pixel = 0; pixel < row.length; pixel++) {
        row[pixel] =
            sample(latents, cell, cells, 3 * pixel) << 16
                | sample(latents, cell, cells, 3 * pixel + 1) << 8
                | sample(latents, cell, cells, 3 * pixel + 2);
      }
      picture.setRGB(cell % width * pixels, cell / width * pixels, pixels, pixels, row, 0, pixels);
    }
    return picture;
  }

  private int sample(float[] latents, int cell, int cells, int output) {
    double[] factors = map[output];
    double value = factors[channels];
    for (int c = 0; c < channels; c++) {
      value += factors[c] * latents[c * cells + cell];
    }
    return (int) Math.max(0, Math.min(255, Math.round((value + 1) * 127.5))); // NaN is 0
  }
}
