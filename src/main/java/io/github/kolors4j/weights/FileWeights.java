package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Set;

/** Weights from a file, in the precision that the network computes with. */
public final class FileWeights implements WeightSource {
  private final TensorFile file;
  private final String described;
  private final DataType type;

  /**
   * @param file stays open until the network is built
   * @param described the file or folder, for messages
   * @param type what floating-point tensors are converted to
   */
  public FileWeights(TensorFile file, String described, DataType type) {
    this.file = file;
    this.described = described;
    this.type = type;
  }

  @Override
  public Set<String> names() {
    return file.names();
  }

  @Override
  public NDArray read(String name, Shape shape, NDManager manager) {
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
    NDArray tensor = file.read(name, manager);
    if (!tensor.getDataType().isFloating() || tensor.getDataType() == type) {
      return tensor;
    }
    try (tensor) {
      return tensor.toType(type, false);
    }
  }
}
