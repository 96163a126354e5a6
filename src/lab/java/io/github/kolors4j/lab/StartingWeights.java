package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a training begins with instead of random weights: those of a network of the same sizes. */
final class StartingWeights {
  private StartingWeights() {}

  /**
   * Copies the weights of a start into a network.
   *
   * @param start a model folder, a network's folder in one, or a file under the published names or
   *     of this lab's {@link Checkpoints}, whose averages are taken
   * @param part the network's folder in a model folder
   * @param parameters by their published names
   * @throws WeightsException if one is missing there or of another shape
   */
  static void copy(Path start, String part, Map<String, NDArray> parameters) {
    Path inModel = start.resolve(part);
    Path path = Files.isDirectory(inModel) ? inModel : start;
    try (TensorFile file = WeightFolder.openPath(path);
        NDManager manager = PyTorch.manager()) {
      boolean checkpoint = file.names().stream().anyMatch(n -> n.startsWith(Checkpoints.AVERAGE));
      FileWeights weights = new FileWeights(file, path.toString(), LoadOptions.FLOAT32);
      parameters.forEach(
          (name, parameter) -> {
            String stored = checkpoint ? Checkpoints.AVERAGE + name : name;
            if (!file.names().contains(stored)) {
              throw new WeightsException(
                  "%s has no tensor \"%s\", which this run's %s needs: its weights are not of the same network."
                      .formatted(path, stored, part));
            }
            if (!file.info(stored).shape().equals(parameter.getShape())) {
              throw new WeightsException(
                  "%s: tensor \"%s\" has shape %s, but this run's %s needs %s. A start must have the sizes of what is trained; a text encoder's, the vocabulary that this run makes of --tokenizer for the corpus and --prompts."
                      .formatted(
                          path, stored, file.info(stored).shape(), part, parameter.getShape()));
            }
            try (NDArray read = weights.read(stored, parameter.getShape(), manager)) {
              TensorOperators.copy(read, parameter);
            }
          });
    }
  }
}
