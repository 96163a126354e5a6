package io.github.kolors4j.lab;

import io.github.kolors4j.internal.concepts.Thumbnail;
import java.util.Random;

/**
 * Changes that leave a picture's attributes as they are: what an autoencoder or a diffusion model
 * does to an avatar besides drawing it. A classifier that has seen only clean renderings would
 * count softness as a mistake.
 */
final class Augmentation {
  private static final int SIZE = Thumbnail.SIZE;
  private static final int FARTHEST_SHIFT = 4;

  private final Random random;

  Augmentation(Random random) {
    this.random = random;
  }

  /**
   * Shifts, softens, tints and roughens a picture at random, each by a little.
   *
   * @param planes red, green and blue plane in [-1, 1]
   */
  float[] apply(float[] planes) {
    float[] changed = shifted(planes);
    if (random.nextBoolean()) {
      changed = blurred(changed, random.nextFloat());
    }
    if (random.nextInt(3) == 0) {
      changed = inBlocks(changed, 0.7f * random.nextFloat());
    }
    tintAndRoughen(changed);
    return changed;
  }

  /** Moves the picture by whole pixels; the rim repeats. */
  private float[] shifted(float[] planes) {
    int down = random.nextInt(2 * FARTHEST_SHIFT + 1) - FARTHEST_SHIFT;
    int right = random.nextInt(2 * FARTHEST_SHIFT + 1) - FARTHEST_SHIFT;
    float[] moved = new float[planes.length];
    for (int row = 0; row < 3 * SIZE; row++) {
      int plane = row / SIZE * SIZE;
      int from = (plane + inside(row - plane - down)) * SIZE;
      for (int x = 0; x < SIZE; x++) {
        moved[row * SIZE + x] = planes[from + inside(x - right)];
      }
    }
    return moved;
  }

  /** Blends with a copy that is blurred by the binomial filter 1 2 1 in both directions. */
  private static float[] blurred(float[] planes, float share) {
    float[] rows = new float[planes.length];
    for (int row = 0; row < 3 * SIZE; row++) {
      int start = row * SIZE;
      for (int x = 0; x < SIZE; x++) {
        rows[start + x] =
            0.25f * planes[start + inside(x - 1)]
                + 0.5f * planes[start + x]
                + 0.25f * planes[start + inside(x + 1)];
      }
    }
    float[] blend = new float[planes.length];
    for (int row = 0; row < 3 * SIZE; row++) {
      int plane = row / SIZE * SIZE;
      int above = (plane + inside(row - plane - 1)) * SIZE;
      int below = (plane + inside(row - plane + 1)) * SIZE;
      for (int x = 0; x < SIZE; x++) {
        int i = row * SIZE + x;
        float blurred = 0.25f * rows[above + x] + 0.5f * rows[i] + 0.25f * rows[below + x];
        blend[i] = planes[i] + share * (blurred - planes[i]);
      }
    }
    return blend;
  }

  /** Blends with the means of 2 × 2 pixels, as strong JPEG compression does. */
  private static float[] inBlocks(float[] planes, float share) {
    float[] blend = new float[planes.length];
    for (int y = 0; y < 3 * SIZE; y += 2) {
      for (int x = 0; x < SIZE; x += 2) {
        int i = y * SIZE + x;
        float mean = 0.25f * (planes[i] + planes[i + 1] + planes[i + SIZE] + planes[i + SIZE + 1]);
        for (int j : new int[] {i, i + 1, i + SIZE, i + SIZE + 1}) {
          blend[j] = planes[j] + share * (mean - planes[j]);
        }
      }
    }
    return blend;
  }

  /** Scales and shifts each colour by up to 4 % and adds noise, in place. */
  private void tintAndRoughen(float[] planes) {
    float noise = random.nextBoolean() ? 0 : 0.1f * random.nextFloat();
    for (int colour = 0; colour < 3; colour++) {
      float scale = 1 + 0.08f * (random.nextFloat() - 0.5f);
      float offset = 0.08f * (random.nextFloat() - 0.5f);
      int start = colour * SIZE * SIZE;
      for (int i = start; i < start + SIZE * SIZE; i++) {
        planes[i] = scale * planes[i] + offset;
        if (noise > 0) {
          // A flat distribution does as well as a bell here, and is drawn six times faster.
          planes[i] += noise * (2 * random.nextFloat() - 1);
        }
      }
    }
  }

  private static int inside(int position) {
    return Math.max(0, Math.min(SIZE - 1, position));
  }
}
