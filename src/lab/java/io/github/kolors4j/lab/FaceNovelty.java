package io.github.kolors4j.lab;

import io.github.kolors4j.internal.concepts.Thumbnail;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells broken faces from whole ones: how unlike all renderings' faces of a style a face is where
 * it is most unlike them.
 *
 * <p>The face is looked at in small patches. Each is compared with what the renderings show at the
 * same place; the root of the mean squared difference from the nearest of them, in grey levels, is
 * how new the patch is, and the mean over the tenth of the patches that are newest how new the face
 * is (the nearest neighbours of PatchCore, Roth et al. 2022, arXiv:2106.08265, over pixels). As
 * patches are compared and not faces, a mouth needs not to have been met together with those eyes.
 * Where a person calls an eye melted, patches are new; a whole eye that was not asked for is not.
 */
final class FaceNovelty {
  /** Rows and columns of a {@link Thumbnail} between which eyes, glasses and mouths are. */
  private static final int TOP = 28;

  private static final int BOTTOM = 62;
  private static final int LEFT = 30;
  private static final int RIGHT = 66;

  private static final int PATCH = 8;
  private static final int STRIDE = 4;
  private static final double NEWEST = 0.1;

  /** Of the renderings that are not compared with, so many are less new than what is usual. */
  private static final double USUAL = 0.95;

  /** Grey levels above that: what blurred lines cost, which are no broken face. */
  private static final double MARGIN = 12;

  private static final int MOST_RENDERINGS = 2400;
  private static final int MOST_MEASURED = 100;

  private final byte[][] renderings;
  private final double limit;

  /**
   * @param renderings in the style, to compare with; 2,400 are enough
   * @param others in the style, which say what is usual; 100 are enough
   */
  FaceNovelty(List<Sample> renderings, List<Sample> others) {
    this.renderings =
        renderings.parallelStream()
            .limit(MOST_RENDERINGS)
            .map(sample -> Thumbnail.of(sample.picture().get()).bytes())
            .toArray(byte[][]::new);
    double[] usual =
        others.stream()
            .limit(MOST_MEASURED)
            .mapToDouble(sample -> of(sample.picture().get()))
            .sorted()
            .toArray();
    limit = usual[(int) (USUAL * (usual.length - 1))] + MARGIN;
  }

  /** Whether a person would call the face broken: it is newer than {@link #limit}. */
  boolean broken(BufferedImage picture) {
    return of(picture) > limit;
  }

  /** In grey levels: above this a face is called broken. */
  double limit() {
    return limit;
  }

  /** How new a picture's face is, in grey levels. */
  double of(BufferedImage picture) {
    byte[] face = Thumbnail.of(picture).bytes();
    List<Double> patches = new ArrayList<>();
    for (int row = TOP; row + PATCH <= BOTTOM; row += STRIDE) {
      for (int column = LEFT; column + PATCH <= RIGHT; column += STRIDE) {
        int nearest = Integer.MAX_VALUE;
        for (byte[] rendering : renderings) {
          nearest = Math.min(nearest, squares(face, rendering, row, column, nearest));
        }
        patches.add(Math.sqrt(nearest / (3.0 * PATCH * PATCH)));
      }
    }
    double[] sorted = patches.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int count = Math.max(1, (int) (NEWEST * sorted.length));
    return Arrays.stream(sorted, sorted.length - count, sorted.length).average().orElseThrow();
  }

  /** The sum of squared differences of one patch, or more than {@code enough}. */
  private static int squares(byte[] one, byte[] other, int row, int column, int enough) {
    int sum = 0;
    for (int colour = 0; colour < 3; colour++) {
      int plane = colour * Thumbnail.SIZE * Thumbnail.SIZE;
      for (int y = row; y < row + PATCH; y++) {
        int start = plane + y * Thumbnail.SIZE + column;
        for (int i = start; i < start + PATCH; i++) {
          int difference = (one[i] & 255) - (other[i] & 255);
          sum += difference * difference;
        }
      }
      if (sum > enough) {
        return sum;
      }
    }
    return sum;
  }
}
