package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.DiagonalMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * What a training has changed in the weight of one linear layer: ΔW = W' − W, a matrix (out, in).
 * Its singular values say how many directions it goes in, which is what a LoRA's rank limits
 * (arXiv:2106.09685, section 7). Immutable.
 *
 * <pre>{@code
 * var full = WeightUpdate.between(models, models.withUnet(run.checkpoint()));
 * full.get(0).singularValues();       // 128 of them, falling
 * WeightUpdate.saveAsLora(full, 4, models, Path.of("rank4.safetensors"));
 * }</pre>
 */
public final class WeightUpdate {
  private final String layer;
  private final RealMatrix matrix;

  /** Null until somebody asks: of a large matrix it takes a while. */
  private @Nullable SingularValueDecomposition parts;

  private WeightUpdate(String layer, RealMatrix matrix) {
    this.layer = layer;
    this.matrix = matrix;
  }

  /**
   * An update of one layer.
   *
   * @param layer its published name
   * @param values (out, in), copied
   */
  public static WeightUpdate of(String layer, double[][] values) {
    return new WeightUpdate(layer, new Array2DRowRealMatrix(values));
  }

  /**
   * What lies between two UNets of the same shape.
   *
   * @return of each linear layer whose weights differ, in the order in which they run
   * @throws io.github.kolors4j.WeightsException if one of them cannot be read
   */
  public static List<WeightUpdate> between(ModelFolder before, ModelFolder after) {
    List<WeightUpdate> updates = new ArrayList<>();
    try (TensorFile first = WeightFolder.openPath(before.unet());
        TensorFile second = WeightFolder.openPath(after.unet());
        NDManager manager = PyTorch.manager()) {
      for (String layer : names(before).layers()) {
        String weight = layer + ".weight";
        if (first.names().contains(weight) && first.info(weight).shape().dimension() == 2) {
          try (NDManager scope = manager.newSubManager()) {
            RealMatrix difference =
                matrix(second.read(weight, scope)).subtract(matrix(first.read(weight, scope)));
            if (difference.getNorm() > 0) {
              updates.add(new WeightUpdate(layer, difference));
            }
          }
        }
      }
    }
    return updates;
  }

  /**
   * What a LoRA adds to the UNet's linear layers: alpha / rank · up · down.
   *
   * @return in the order in which the layers run
   * @throws io.github.kolors4j.lora.LoraException if it is none for this model, its alpha is not
   *     known, or it changes no linear layer of the UNet
   */
  public static List<WeightUpdate> of(Lora lora, ModelFolder model) {
    List<WeightUpdate> updates = new ArrayList<>();
    UNetNames names = names(model);
    try (NDManager manager = PyTorch.manager()) {
      for (LoraWeights part : lora.read(manager, names).parts()) {
        for (String layer : names.layers()) {
          LoraLayer matrices = part.layers().get(layer);
          if (matrices != null && matrices.down().getShape().dimension() == 2) {
            RealMatrix product = matrix(matrices.up()).multiply(matrix(matrices.down()));
            double scale = lora.weight() * matrices.scale();
            updates.add(new WeightUpdate(layer, product.scalarMultiply(scale)));
          }
        }
      }
    }
    if (updates.isEmpty()) {
      throw new LoraException(
          "The LoRA %s changes no linear layer of the UNet.".formatted(lora.name()));
    }
    return updates;
  }

  private static UNetNames names(ModelFolder model) {
    return new UNetNames(UNetConfig.read(model.unetConfigFolder()));
  }

  private static RealMatrix matrix(NDArray weight) {
    int rows = (int) weight.getShape().get(0);
    int columns = (int) weight.getShape().get(1);
    float[] values = weight.toType(DataType.FLOAT32, false).toFloatArray();
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < values.length; i++) {
      matrix[i / columns][i % columns] = values[i];
    }
    return new Array2DRowRealMatrix(matrix, false);
  }

  private synchronized SingularValueDecomposition parts() {
    if (parts == null) {
      parts = new SingularValueDecomposition(matrix);
    }
    return parts;
  }

  /** The layer's published name. */
  public String layer() {
    return layer;
  }

  /** ΔW (out, in), a copy. */
  public double[][] values() {
    return matrix.getData();
  }

  /** Its singular values, the largest first: as many as its shorter side. */
  public double[] singularValues() {
    return parts().getSingularValues();
  }

  /**
   * How much of it a rank can hold at best: the share of the squared Frobenius norm that the
   * largest singular values have (Eckart and Young 1936), from 0 to 1.
   *
   * @param rank how many of them; 0 or more
   */
  public double energy(int rank) {
    double[] values = singularValues();
    double all = Arrays.stream(values).map(value -> value * value).sum();
    return Arrays.stream(values).limit(rank).map(value -> value * value).sum() / all;
  }

  /**
   * The nearest update of a rank: all but the largest singular values are left out.
   *
   * @param rank from 1 to the shorter side
   */
  public WeightUpdate truncated(int rank) {
    return new WeightUpdate(layer, up(rank).multiply(down(rank)));
  }

  /** U √S of the largest singular values: (out, rank). */
  private RealMatrix up(int rank) {
    return columns(parts().getU(), rank).multiply(roots(rank));
  }

  /** √S V' of the largest singular values: (rank, in). */
  private RealMatrix down(int rank) {
    return roots(rank).multiply(columns(parts().getV(), rank).transpose());
  }

  private RealMatrix roots(int rank) {
    return new DiagonalMatrix(
        Arrays.stream(singularValues()).limit(rank).map(Math::sqrt).toArray(), false);
  }

  private static RealMatrix columns(RealMatrix matrix, int count) {
    return matrix.getSubMatrix(
        IntStream.range(0, matrix.getRowDimension()).toArray(),
        IntStream.range(0, count).toArray());
  }

  /**
   * Writes updates as a LoRA, each as near as its rank allows (kohya's {@code
   * networks/extract_lora_from_models.py}).
   *
   * @param rank at most; an update that is smaller has its shorter side
   * @param model the UNet that they are of
   * @param file a safetensors file with kohya's names, which states its alpha
   * @return the LoRA in the file
   * @throws io.github.kolors4j.WeightsException if it cannot be written
   */
  public static Lora saveAsLora(
      List<WeightUpdate> updates, int rank, ModelFolder model, Path file) {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    try (NDManager manager = PyTorch.manager()) {
      for (WeightUpdate update : updates) {
        int own = Math.min(rank, update.singularValues().length);
        NDArray down = array(manager, update.down(own));
        NDArray up = array(manager, update.up(own));
        layers.put(update.layer, new LoraLayer(down, up, OptionalDouble.of(own)));
      }
      LoraFile.write(file, new LoraWeights(layers), LoraFormat.KOHYA, names(model));
    }
    return Lora.of(file);
  }

  private static NDArray array(NDManager manager, RealMatrix matrix) {
    int columns = matrix.getColumnDimension();
    float[] values = new float[matrix.getRowDimension() * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) matrix.getEntry(i / columns, i % columns);
    }
    return manager.create(values, new Shape(matrix.getRowDimension(), columns));
  }

  /** Layer and shape. */
  @Override
  public String toString() {
    return "ΔW of %s (%d × %d)"
        .formatted(layer, matrix.getRowDimension(), matrix.getColumnDimension());
  }
}
