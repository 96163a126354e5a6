package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;

/**
 * Draws batches of square cuttings, mirrored by chance, from pictures of one size.
 *
 * @param pictures RGB bytes, plane after plane
 * @param size height and width of the pictures
 */
record Crops(List<byte[]> pictures, int size) {

  /**
   * @param crop height and width of a cutting, at most the pictures'
   * @return (count, 3, crop, crop) in [-1, 1]
   */
  NDArray draw(int count, int crop, Random random, NDManager manager) {
    float[] values = new float[count * 3 * crop * crop];
    int k = 0;
    for (int i = 0; i < count; i++) {
      byte[] planes = pictures.get(random.nextInt(pictures.size()));
      int top = offset(size - crop, random);
      int left = offset(size - crop, random);
      boolean flip = random.nextBoolean();
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < crop; y++) {
          int row = (c * size + top + y) * size + left;
          for (int x = 0; x < crop; x++) {
            values[k++] = value(planes[row + (flip ? crop - 1 - x : x)]);
          }
        }
      }
    }
    return manager.create(values, new Shape(count, 3, crop, crop));
  }

  /** All pictures as they are: (count, 3, size, size) in [-1, 1]. */
  NDArray whole(NDManager manager) {
    float[] values = new float[pictures.size() * 3 * size * size];
    int k = 0;
    for (byte[] planes : pictures) {
      for (byte colour : planes) {
        values[k++] = value(colour);
      }
    }
    return manager.create(values, new Shape(pictures.size(), 3, size, size));
  }

  private static float value(byte colour) {
    return (colour & 255) / 127.5f - 1;
  }

  /** Where a cutting begins, more often near the middle: there is the face. */
  private static int offset(int room, Random random) {
    return (random.nextInt(room + 1) + random.nextInt(room + 1)) / 2;
  }
}
