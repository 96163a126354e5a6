package io.github.kolors4j.internal.weights;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.Quantization;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import java.util.Optional;
import java.util.Set;

/**
 * Weights from a file, converted tensor by tensor on the device, so that the file's type and the
 * one in which they are held are never in memory as a whole at once.
 */
public final class FileWeights implements WeightSource {
  private final TensorFile file;
  private final String described;
  private final LoadOptions loading;

  /**
   * @param file stays open until the network is built
   * @param described the file or folder, for messages
   * @param loading in which type tensors are held, and where
   */
  public FileWeights(TensorFile file, String described, LoadOptions loading) {
    this.file = file;
    this.described = described;
    this.loading = loading;
  }

  /**
   * Weights that are held in float32.
   *
   * @param type float32
   */
  public FileWeights(TensorFile file, String described, DataType type) {
    this(file, described, LoadOptions.FLOAT32);
    if (type != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "Say how to hold weights as " + type + " with a LoadOptions.");
    }
  }

  @Override
  public String described() {
    return described;
  }

  @Override
  public Set<String> names() {
    return file.names();
  }

  @Override
  public void check(String name, Shape shape) {
    if (!file.names().contains(name)) {
      throw new WeightsException(
          "%s has no tensor \"%s\", which the network of this config.json needs (its nearest name is \"%s\"). The file is incomplete or belongs to another model; download the folder again."
              .formatted(described, name, NearestName.of(name, file.names())));
    }
    Shape stored = file.info(name).shape();
    if (!stored.equals(shape)) {
      throw new WeightsException(
          "%s: tensor \"%s\" has shape %s, but config.json asks for %s. Weights and config.json belong to different models; download both from the same place."
              .formatted(described, name, stored, shape));
    }
  }

  @Override
  public NDArray read(String name, Shape shape, NDManager manager) {
    check(name, shape);
    requireFloats(name);
    DataType stored = file.info(name).type();
    if (loading.keepsInFile(stored, shape)) {
      return file.map(name, manager);
    }
    NDArray tensor = file.read(name, manager);
    Precision held = loading.heldAs(stored);
    if (tensor.getDataType() == dataType(held)) {
      return tensor;
    }
    // PyTorch keeps what is made while nothing is recorded out of every training.
    try (tensor;
        Gradients recording = Gradients.enable()) {
      return held.convert(tensor);
    } catch (EngineException e) {
      throw new WeightsException(
          "%s: tensor \"%s\" of shape %s could not be held as %s: is there not enough memory? (%s)"
              .formatted(described, name, shape, held, e.getMessage()),
          e);
    }
  }

  private void requireFloats(String name) {
    DataType type = file.info(name).type();
    if (!type.isFloating()) {
      throw new WeightsException(
          "%s: tensor \"%s\" holds integers (%s), but a network's weights are floating-point numbers. Quantised weights are not read: download the model in float16 or float32; it can be held in eight bits by textEncoder(\"int8\")."
              .formatted(described, name, type));
    }
  }

  @Override
  public Optional<QuantizedMatrix> quantized(String name, Shape shape, NDManager manager) {
    Quantization quantization = loading.storageType().quantization();
    if (quantization == null) {
      return Optional.empty();
    }
    check(name, shape);
    requireFloats(name);
    if (!quantization.fits(shape.get(1))) {
      return Optional.empty();
    }
    try (NDArray tensor = file.read(name, manager)) {
      return Optional.of(QuantizedMatrix.of(tensor, quantization));
    }
  }

  @Override
  public boolean writable() {
    return loading.storageType() != StorageType.DISK;
  }

  private static DataType dataType(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT16 -> DataType.FLOAT16;
      case BFLOAT16 -> DataType.BFLOAT16;
    };
  }
}
