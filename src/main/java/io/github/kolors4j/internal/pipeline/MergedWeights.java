package io.github.kolors4j.internal.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.ShardedWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of one network with LoRAs added, written tensor by tensor in the type that its file
 * stores.
 */
final class MergedWeights {

  /** A LoRA's matrices of one layer and the factor of their product. */
  private record Update(LoraLayer matrices, double scale) {}

  private final String network;
  private final TensorFile file;
  private final String prefix;
  private final Map<String, List<Update>> updates = new HashMap<>();

  /**
   * @param network what it is, for messages
   * @param file its weights, under the names that LoRAs have
   * @param prefix what stands in front of these names in the file
   */
  MergedWeights(String network, TensorFile file, String prefix) {
    this.network = network;
    this.file = file;
    this.prefix = prefix;
  }

  /**
   * Adds a LoRA, on top of those before it.
   *
   * @param name the LoRA's, for messages
   * @throws LoraException if it fits no layer, or its alpha is not known
   */
  void add(String name, LoraWeights weights, double weight) {
    weights.requireAlpha(name);
    weights
        .layers()
        .forEach(
            (layer, matrices) -> {
              requireFit(name, layer, matrices);
              updates
                  .computeIfAbsent(prefix + layer + ".weight", key -> new ArrayList<>())
                  .add(new Update(matrices, matrices.scale() * weight));
            });
  }

  private void requireFit(String name, String layer, LoraLayer matrices) {
    String key = prefix + layer + ".weight";
    if (!file.names().contains(key)) {
      throw new LoraException(
          "%s: this %s has no layer '%s'; the nearest is '%s'. The LoRA may be for another model."
              .formatted(name, network, layer, NearestName.of(key, file.names())));
    }
    if (!matrices.fits(file.info(key).shape())) {
      throw new LoraException(
          "%s: '%s' has down %s and up %s, but the layer's weight is %s. The LoRA is for another model."
              .formatted(
                  name,
                  layer,
                  matrices.down().getShape(),
                  matrices.up().getShape(),
                  file.info(key).shape()));
    }
  }

  /**
   * Writes the weights into a folder.
   *
   * @param fileName the files' first word
   */
  void write(Path folder, String fileName, long maxShardBytes, NDManager manager) {
    ShardedWriter.write(
        folder,
        fileName,
        file.names().stream().map(file::info).toList(),
        name -> merged(name, manager),
        maxShardBytes);
  }

  /** In float32, whatever the file stores. */
  private NDArray merged(String name, NDManager manager) {
    NDArray sum = file.read(name, manager);
    for (Update update : updates.getOrDefault(name, List.of())) {
      try (NDArray before = sum;
          NDManager scope = manager.newSubManager()) {
        LoraLayer matrices = update.matrices();
        NDArray magnitude = matrices.magnitude();
        sum =
            TensorOperators.mergeLowRank(
                before,
                onCpu(matrices.down(), scope),
                onCpu(matrices.up(), scope),
                magnitude == null ? null : onCpu(magnitude, scope),
                update.scale());
      }
    }
    return sum;
  }

  private static NDArray onCpu(NDArray matrix, NDManager scope) {
    if (matrix.getDevice().equals(Device.cpu())) {
      return matrix;
    }
    NDArray copy = matrix.toDevice(Device.cpu(), true);
    copy.attach(scope);
    return copy;
  }
}
