package io.github.kolors4j.comfy;

import java.util.Arrays;

/**
 * Latents of pictures, unscaled: as the autoencoder gives and takes them (ComfyUI's {@code
 * LATENT}).
 *
 * @param samples numbers in row-major order
 * @param shape (batch, channels, height, width)
 */
public record Latent(float[] samples, long... shape) {

  /** Checks that there are as many numbers as the shape says. */
  public Latent {
    if (shape.length != 4 || Arrays.stream(shape).reduce(1, (a, b) -> a * b) != samples.length) {
      throw new IllegalArgumentException(
          "Latents are (batch, channels, height, width); %s do not hold %d numbers."
              .formatted(Arrays.toString(shape), samples.length));
    }
    shape = shape.clone();
  }

  /** How many pictures these are. */
  public int batch() {
    return (int) shape[0];
  }

  public int channels() {
    return (int) shape[1];
  }

  public int height() {
    return (int) shape[2];
  }

  public int width() {
    return (int) shape[3];
  }

  /** How many numbers one picture has. */
  public int each() {
    return samples.length / batch();
  }

  /** The latents of one picture, as a batch of one. */
  public Latent at(int index) {
    return new Latent(
        Arrays.copyOfRange(samples, index * each(), (index + 1) * each()),
        1,
        shape[1],
        shape[2],
        shape[3]);
  }

  @Override
  public String toString() {
    return "Latent " + Arrays.toString(shape);
  }
}
