package io.github.kolors4j.internal.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.image.Resampling;
import java.awt.image.BufferedImage;
import java.util.List;

/** The small copy of a picture that the classifier looks at, three bytes a pixel in memory. */
public final class Thumbnail {
  /** Width and height in pixels: just enough to tell a wink from a closed eye. */
  public static final int SIZE = 96;

  private static final int PLANE = SIZE * SIZE;

  private final byte[] planes;

  private Thumbnail(byte[] planes) {
    this.planes = planes;
  }

  /** Shrinks or enlarges a picture; one that is not square is squeezed. */
  public static Thumbnail of(BufferedImage picture) {
    BufferedImage small = Resampling.BILINEAR.resize(picture, SIZE, SIZE);
    int[] rgb = small.getRGB(0, 0, SIZE, SIZE, null, 0, SIZE);
    byte[] planes = new byte[3 * PLANE];
    for (int i = 0; i < PLANE; i++) {
      planes[i] = (byte) (rgb[i] >> 16);
      planes[PLANE + i] = (byte) (rgb[i] >> 8);
      planes[2 * PLANE + i] = (byte) rgb[i];
    }
    return new Thumbnail(planes);
  }

  /** Red, green and blue plane, a byte a value; not a copy. */
  public byte[] bytes() {
    return planes;
  }

  /** Red, green and blue plane, values in [-1, 1]. */
  public float[] values() {
    float[] values = new float[planes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (planes[i] & 255) / 127.5f - 1;
    }
    return values;
  }

  /** Pictures' planes, as {@link #values} gives them, as one array (batch, 3, 96, 96). */
  public static NDArray batch(NDManager manager, List<float[]> pictures) {
    float[] values = new float[pictures.size() * 3 * PLANE];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i), 0, values, i * 3 * PLANE, 3 * PLANE);
    }
    return manager.create(values, new Shape(pictures.size(), 3, SIZE, SIZE));
  }
}
