package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.MovingAverage;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Saves and restores a training from scratch: one safetensors file of parameters, optimizer state
 * and averaged weights, so that an interrupted run goes on where it was.
 */
final class Checkpoints {
  private static final String PARAMETER = "parameter.";
  private static final String OPTIMIZER = "optimiser.";
  static final String AVERAGE = "average.";

  /** Steps between two checkpoints. */
  static final int EVERY = 100;

  private final Path file;

  /**
   * @param path of the file, without its ending
   */
  Checkpoints(Path path) {
    file = path.resolveSibling(path.getFileName() + ".safetensors");
  }

  /**
   * Returns to the last saved state, if there is one, and starts averaging the parameters.
   *
   * @param decay of the moving average
   */
  MovingAverage restore(Map<String, NDArray> parameters, Optimizer optimizer, double decay) {
    if (!Files.exists(file)) {
      return new MovingAverage(parameters, decay);
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file);
        NDManager manager = PyTorch.manager()) {
      copy(saved, PARAMETER, parameters, manager);
      Map<String, NDArray> state = new LinkedHashMap<>();
      optimizer
          .state()
          .keySet()
          .forEach(name -> state.put(name, saved.read(OPTIMIZER + name, manager)));
      optimizer.restore(state, Long.parseLong(saved.metadata().get("step")));
      MovingAverage average = new MovingAverage(parameters, decay);
      copy(saved, AVERAGE, average.averages(), manager);
      return average;
    }
  }

  void save(Map<String, NDArray> parameters, Optimizer optimizer, MovingAverage average) {
    Map<String, NDArray> all = new LinkedHashMap<>();
    parameters.forEach((name, array) -> all.put(PARAMETER + name, array));
    optimizer.state().forEach((name, array) -> all.put(OPTIMIZER + name, array));
    average.averages().forEach((name, array) -> all.put(AVERAGE + name, array));
    SafetensorsWriter.write(file, all, Map.of("step", Long.toString(optimizer.steps())));
  }

  /** The averaged weights of a finished training, by their published names. */
  Map<String, NDArray> averages(NDManager manager) {
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      Map<String, NDArray> averages = new LinkedHashMap<>();
      for (String name : saved.names()) {
        if (name.startsWith(AVERAGE)) {
          averages.put(name.substring(AVERAGE.length()), saved.read(name, manager));
        }
      }
      return averages;
    }
  }

  /** Where the losses of the run are written down. */
  Path log() {
    return file.resolveSibling(file.getFileName().toString().replace(".safetensors", ".jsonl"));
  }

  /** How many steps were made when the last state was saved; 0 before the first. */
  long steps() {
    if (!Files.exists(file)) {
      return 0;
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      return Long.parseLong(saved.metadata().get("step"));
    }
  }

  private static void copy(
      SafetensorsFile saved, String prefix, Map<String, NDArray> arrays, NDManager manager) {
    arrays.forEach(
        (name, array) -> {
          try (NDArray read = saved.read(prefix + name, manager)) {
            TensorOperators.copy(read, array);
          }
        });
  }
}
