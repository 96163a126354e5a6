package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.WorkflowException;
import java.util.Arrays;

/**
 * Planes of numbers in another size, as {@code torch.nn.functional.interpolate} makes them (corners
 * not aligned, no antialiasing), and ComfyUI's {@code bislerp}.
 */
public enum Interpolation {
  NEAREST_EXACT("nearest-exact"),
  BILINEAR("bilinear"),
  AREA("area"),
  BICUBIC("bicubic"),
  BISLERP("bislerp");

  /** The cubic curve's parameter in torch. */
  private static final double A = -0.75;

  private final String name;

  Interpolation(String name) {
    this.name = name;
  }

  /**
   * The method of ComfyUI's name.
   *
   * @throws WorkflowException if there is none
   */
  public static Interpolation named(String name) {
    for (Interpolation method : values()) {
      if (method.name.equals(name)) {
        return method;
      }
    }
    throw new WorkflowException("There is no way '%s' to change a size.".formatted(name));
  }

  /**
   * @param planes one after the other, each row by row
   * @param count how many planes; {@link #BISLERP} takes them as one picture's channels
   */
  public float[] resize(
      float[] planes, int count, int height, int width, int newHeight, int newWidth) {
    if (this == BISLERP) {
      float[] wide = slerpRows(planes, count, height, width, newWidth);
      float[] turned = transpose(wide, count, height, newWidth);
      float[] high = slerpRows(turned, count, newWidth, height, newHeight);
      return transpose(high, count, newWidth, newHeight);
    }
    float[][] across = weights(width, newWidth);
    float[][] down = weights(height, newHeight);
    float[] result = new float[count * newHeight * newWidth];
    float[] rows = new float[height * newWidth];
    for (int plane = 0; plane < count; plane++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < newWidth; x++) {
          float sum = 0;
          int from = (int) across[x][0];
          for (int i = 1; i < across[x].length; i++) {
            int column = Math.max(0, Math.min(width - 1, from + i - 1));
            sum += across[x][i] * planes[(plane * height + y) * width + column];
          }
          rows[y * newWidth + x] = sum;
        }
      }
      for (int y = 0; y < newHeight; y++) {
        int from = (int) down[y][0];
        for (int x = 0; x < newWidth; x++) {
          float sum = 0;
          for (int i = 1; i < down[y].length; i++) {
            int row = Math.max(0, Math.min(height - 1, from + i - 1));
            sum += down[y][i] * rows[row * newWidth + x];
          }
          result[(plane * newHeight + y) * newWidth + x] = sum;
        }
      }
    }
    return result;
  }

  /** For each new place: the first old one that counts, then the weights from there on. */
  private float[][] weights(int size, int newSize) {
    float[][] weights = new float[newSize][];
    double scale = (double) size / newSize;
    for (int i = 0; i < newSize; i++) {
      double centre = (i + 0.5) * scale - 0.5;
      weights[i] =
          switch (this) {
            case NEAREST_EXACT -> new float[] {(int) Math.floor((i + 0.5) * scale), 1};
            case BILINEAR, BISLERP -> linear(Math.max(0, centre));
            case AREA -> area((int) Math.floor(i * scale), (int) Math.ceil((i + 1) * scale));
            case BICUBIC -> cubic(centre);
          };
    }
    return weights;
  }

  private static float[] linear(double place) {
    int first = (int) Math.floor(place);
    float second = (float) (place - first);
    return new float[] {first, 1 - second, second};
  }

  private static float[] area(int from, int to) {
    float[] weights = new float[to - from + 1];
    Arrays.fill(weights, 1f / (to - from));
    weights[0] = from;
    return weights;
  }

  private static float[] cubic(double place) {
    int first = (int) Math.floor(place);
    double t = place - first;
    return new float[] {
      first - 1, (float) far(t + 1), (float) near(t), (float) near(1 - t), (float) far(2 - t)
    };
  }

  private static double near(double x) {
    return ((A + 2) * x - (A + 3)) * x * x + 1;
  }

  private static double far(double x) {
    return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }

  private static float[] transpose(float[] planes, int count, int height, int width) {
    float[] turned = new float[planes.length];
    for (int plane = 0; plane < count; plane++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          turned[(plane * width + x) * height + y] = planes[(plane * height + y) * width + x];
        }
      }
    }
    return turned;
  }

  /** Between neighbours the channels' direction turns, and their length changes evenly. */
  private static float[] slerpRows(float[] planes, int count, int height, int width, int newWidth) {
    float[] result = new float[count * height * newWidth];
    double scale = (double) width / newWidth;
    double[] first = new double[count];
    double[] second = new double[count];
    for (int x = 0; x < newWidth; x++) {
      double place = Math.max(0, Math.min(width - 1, (x + 0.5) * scale - 0.5));
      int left = (int) Math.floor(place);
      int right = Math.min(width - 1, left + 1);
      for (int y = 0; y < height; y++) {
        for (int c = 0; c < count; c++) {
          first[c] = planes[(c * height + y) * width + left];
          second[c] = planes[(c * height + y) * width + right];
        }
        double[] between = slerp(first, second, place - left);
        for (int c = 0; c < count; c++) {
          result[(c * height + y) * newWidth + x] = (float) between[c];
        }
      }
    }
    return result;
  }

  private static double[] slerp(double[] a, double[] b, double share) {
    double lengthA = length(a);
    double lengthB = length(b);
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += lengthA == 0 || lengthB == 0 ? 0 : a[i] / lengthA * (b[i] / lengthB);
    }
    double[] result = new double[a.length];
    boolean same = dot > 1 - 1e-5;
    boolean opposite = dot < 1e-5 - 1;
    double omega = Math.acos(Math.max(-1, Math.min(1, dot)));
    double sine = Math.sin(omega);
    double length = lengthA * (1 - share) + lengthB * share;
    for (int i = 0; i < a.length; i++) {
      if (same) {
        result[i] = a[i];
      } else if (opposite) {
        result[i] = a[i] * (1 - share) + b[i] * share;
      } else {
        double unitA = lengthA == 0 ? 0 : a[i] / lengthA;
        double unitB = lengthB == 0 ? 0 : b[i] / lengthB;
        result[i] =
            (Math.sin((1 - share) * omega) / sine * unitA + Math.sin(share * omega) / sine * unitB)
                * length;
      }
    }
    return result;
  }

  private static double length(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
