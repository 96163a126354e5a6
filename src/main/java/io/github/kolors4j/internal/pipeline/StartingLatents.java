package io.github.kolors4j.internal.pipeline;

import java.util.Optional;

/**
 * Where a run begins when its prompt does not say all: at given latents, or at one place of a
 * batch.
 *
 * @param posterior the latents to begin at, as {@link Posterior} has them; empty for noise or the
 *     prompt's picture
 * @param strength how much of them is drawn anew, in (0, 1]
 * @param place of the picture in its batch, from 0
 * @param batch how many pictures draw their noise together: a seed's noise for the second picture
 *     is what follows the first one's, as in diffusers
 */
public record StartingLatents(
    Optional<Posterior> posterior, double strength, int place, int batch) {

  /** A picture for itself, from noise or from its prompt's picture. */
  public static final StartingLatents NONE = new StartingLatents(Optional.empty(), 1, 0, 1);

  /**
   * What an autoencoder makes of a picture: a normal distribution for each latent, unscaled.
   *
   * @param mean in row-major order
   * @param deviation likewise; empty where the latents are known, so that nothing is drawn
   */
  public record Posterior(float[] mean, Optional<float[]> deviation) {}

  /** Checks place and batch. */
  public StartingLatents {
    if (place < 0 || place >= batch) {
      throw new IllegalArgumentException(
          "A batch of %d pictures has no place %d.".formatted(batch, place));
    }
  }
}
