package io.github.kolors4j.comfy;

import java.util.Arrays;
import java.util.Optional;

/**
 * Latents of pictures, unscaled: as the autoencoder gives and takes them (ComfyUI's {@code
 * LATENT}).
 *
 * @param samples numbers in row-major order
 * @param shape (batch, channels, height, width)
 * @param downscale how many times smaller than the picture they are: 8 for Kolors
 * @param deviation where a picture was encoded, how uncertain each number is: a sampler draws from
 *     that distribution with its own seed; empty elsewhere
 */
public record Latent(float[] samples, long[] shape, int downscale, Optional<float[]> deviation) {

  /** Checks that there are as many numbers as the shape says. */
  public Latent {
    if (shape.length != 4 || Arrays.stream(shape).reduce(1, (a, b) -> a * b) != samples.length) {
      throw new IllegalArgumentException(
          "Latents are (batch, channels, height, width); %s do not hold %d numbers."
              .formatted(Arrays.toString(shape), samples.length));
    }
    shape = shape.clone();
  }

  /** Latents that are known. */
  public static Latent of(float[] samples, int downscale, long... shape) {
    return new Latent(samples, shape, downscale, Optional.empty());
  }

  /** How many pictures these are. */
  public int batch() {
    return (int) shape[0];
  }

  public int channels() {
    return (int) shape[1];
  }

  /** Rows of latents. */
  public int height() {
    return (int) shape[2];
  }

  /** Columns of latents. */
  public int width() {
    return (int) shape[3];
  }

  /** Whether all are zero: a place to draw in, not a picture. */
  public boolean isEmpty() {
    for (float sample : samples) {
      if (sample != 0) {
        return false;
      }
    }
    return true;
  }

  /** The latents of one picture, as a batch of one. */
  public Latent at(int index) {
    return new Latent(
        part(samples, index),
        new long[] {1, shape[1], shape[2], shape[3]},
        downscale,
        deviation.map(all -> part(all, index)));
  }

  private float[] part(float[] all, int index) {
    int each = all.length / batch();
    return Arrays.copyOfRange(all, index * each, (index + 1) * each);
  }

  @Override
  public String toString() {
    return "Latent " + Arrays.toString(shape);
  }
}
