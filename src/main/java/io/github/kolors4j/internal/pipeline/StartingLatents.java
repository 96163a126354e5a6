package io.github.kolors4j.internal.pipeline;

import java.util.Optional;

/**
 * Where a run begins when its prompt does not say all: at given latents, or at one place of a
 * batch.
 *
 * @param posterior the latents to begin at, as an autoencoder made them of a picture; empty for
 *     noise or the prompt's picture
 * @param strength how much of them is drawn anew, in (0, 1]
 * @param place of the picture in its batch, from 0
 * @param batch how many pictures draw their noise together: a seed's noise for the second picture
 *     is what follows the first one's, as in diffusers
 */
public record StartingLatents(
    Optional<EncodedPicture> posterior, double strength, int place, int batch) {

  /** A picture for itself, from noise or from its prompt's picture. */
  public static final StartingLatents NONE = new StartingLatents(Optional.empty(), 1, 0, 1);

  /** Checks place and batch. */
  public StartingLatents {
    if (place < 0 || place >= batch) {
      throw new IllegalArgumentException(
          "A batch of %d pictures has no place %d.".formatted(batch, place));
    }
  }
}
