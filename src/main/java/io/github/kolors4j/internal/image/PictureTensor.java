package io.github.kolors4j.internal.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.List;

/** Pictures as tensors and back: the networks' pictures are float32, NCHW, RGB, in [-1, 1]. */
public final class PictureTensor {
  private PictureTensor() {}

  /**
   * A picture as an array of shape (1, 3, height, width) with values in [-1, 1], as torchvision's
   * {@code ToTensor} and {@code Normalize([0.5], [0.5])} make it.
   */
  public static NDArray toTensor(NDManager manager, BufferedImage picture) {
    return manager.create(
        toFloats(picture), new Shape(1, 3, picture.getHeight(), picture.getWidth()));
  }

  /** The same values as {@link #toTensor}, in a Java array of 3 · height · width floats. */
  public static float[] toFloats(BufferedImage picture) {
    int[] pixels = RgbConversion.pixels(picture);
    int plane = pixels.length;
    float[] values = new float[3 * plane];
    for (int i = 0; i < plane; i++) {
      values[i] = normalized(pixels[i] >> 16);
      values[plane + i] = normalized(pixels[i] >> 8);
      values[2 * plane + i] = normalized(pixels[i]);
    }
    return values;
  }

  private static float normalized(int sample) {
    return ((sample & 0xff) / 255f - 0.5f) / 0.5f;
  }

  /**
   * The picture in an array of shape (1, 3, height, width) or (3, height, width); values outside
   * [-1, 1] are clipped, and each is rounded to the nearest of 256 steps, as diffusers does.
   *
   * @throws IllegalArgumentException if the array has another shape
   */
  public static BufferedImage toPicture(NDArray tensor) {
    List<BufferedImage> pictures = toPictures(tensor);
    if (pictures.size() != 1) {
      throw new IllegalArgumentException(
          "Expected one picture, but the tensor holds "
              + pictures.size()
              + " (shape "
              + tensor.getShape()
              + "); use toPictures for a batch.");
    }
    return pictures.get(0);
  }

  /**
   * The picture in an array of shape (1, 3, height, width), cut off to whole numbers as
   * DiffSynth-Studio does it, in the array's own precision: {@code ((x / 2 + 0.5).clip(0, 1) *
   * 255).astype("uint8")}. On the whole half a step darker than {@link #toPicture}.
   */
  public static BufferedImage toPictureCutOff(NDArray tensor) {
    try (NDManager scope = tensor.getManager().newSubManager()) {
      scope.tempAttachAll(tensor);
      float[] samples = floats(tensor.div(2).add(0.5f).clip(0, 1).mul(255));
      Shape shape = tensor.getShape();
      return picture(
          samples, 0, (int) shape.get(3), (int) shape.get(2), value -> (int) value); // NaN is 0
    }
  }

  /**
   * All pictures of a batch of shape (batch, 3, height, width).
   *
   * @throws IllegalArgumentException if the array has another shape
   */
  public static List<BufferedImage> toPictures(NDArray tensor) {
    Shape shape = tensor.getShape();
    int dimensions = shape.dimension();
    if (dimensions < 3 || dimensions > 4 || shape.get(dimensions - 3) != 3) {
      throw new IllegalArgumentException(
          "A picture tensor has the shape (batch, 3, height, width), not " + shape + ".");
    }
    int batch = dimensions == 4 ? (int) shape.get(0) : 1;
    int height = (int) shape.get(dimensions - 2);
    int width = (int) shape.get(dimensions - 1);
    float[] values = floats(tensor);
    List<BufferedImage> pictures = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      pictures.add(picture(values, i * 3 * height * width, width, height, PictureTensor::sample));
    }
    return pictures;
  }

  private static float[] floats(NDArray tensor) {
    if (tensor.getDataType() == DataType.FLOAT32) {
      return tensor.toFloatArray();
    }
    try (NDArray converted = tensor.toType(DataType.FLOAT32, true)) {
      return converted.toFloatArray();
    }
  }

  private interface Sample {
    int of(float value);
  }

  private static BufferedImage picture(
      float[] values, int offset, int width, int height, Sample sample) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    int plane = width * height;
    for (int i = 0; i < plane; i++) {
      pixels[i] =
          sample.of(values[offset + i]) << 16
              | sample.of(values[offset + plane + i]) << 8
              | sample.of(values[offset + 2 * plane + i]);
    }
    return picture;
  }

  private static int sample(float value) {
    float unit = Math.max(0f, Math.min(1f, value / 2f + 0.5f));
    return (int) Math.rint(unit * 255f); // NaN becomes 0: a black picture rather than a crash
  }
}
