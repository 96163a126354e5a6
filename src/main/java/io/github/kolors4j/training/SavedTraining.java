package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.kolors4j.tensor.TorchRandom;
import io.github.kolors4j.weights.SafetensorsFile;
import io.github.kolors4j.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a training needs to go on as if it had never stopped, in one safetensors file: the
 * adapter, the optimiser's averages, where the random numbers are, and what was measured.
 *
 * @param hyperparameters as JSON, by name, to tell whether a run is the same
 * @param finished whether nothing is left to do
 * @param pictures how many pictures were trained on
 */
record SavedTraining(
    Path file,
    long step,
    Map<String, Object> hyperparameters,
    boolean finished,
    int pictures,
    TorchRandom random,
    LossHistory history) {
  private static final String FORMAT = "kolors4j LoRA training 1";
  private static final String PARAMETER = "parameter.";
  private static final String OPTIMISER = "optimiser.";
  private static final Gson JSON =
      new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

  /** Writes the state aside and moves it into place. */
  void write(Map<String, NDArray> parameters, AdamW optimiser) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    parameters.forEach((name, array) -> tensors.put(PARAMETER + name, array));
    optimiser.state().forEach((name, array) -> tensors.put(OPTIMISER + name, array));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("step", Long.toString(step));
    metadata.put("hyperparameters", JSON.toJson(hyperparameters));
    metadata.put("finished", Boolean.toString(finished));
    metadata.put("pictures", Integer.toString(pictures));
    metadata.put("random", Base64.getEncoder().encodeToString(random.state()));
    metadata.put("history", history.csv());
    SafetensorsWriter.write(file, tensors, metadata);
  }

  /**
   * Reads all but the arrays.
   *
   * @throws TrainingException if there is no such file, or it is another kind
   */
  static SavedTraining read(Path file) {
    if (!Files.exists(file)) {
      throw new TrainingException(
          "There is nothing to resume: %s is missing. Give the folder lightning_logs/version_N of a run that was interrupted after its first checkpoint."
              .formatted(file));
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      Map<String, String> metadata = saved.metadata();
      if (!FORMAT.equals(metadata.get("format"))) {
        throw new TrainingException(file + " is no saved LoRA training of this program.");
      }
      @SuppressWarnings("unchecked")
      Map<String, Object> hyperparameters =
          JSON.fromJson(metadata.get("hyperparameters"), LinkedHashMap.class);
      return new SavedTraining(
          file,
          Long.parseLong(metadata.get("step")),
          hyperparameters,
          Boolean.parseBoolean(metadata.get("finished")),
          Integer.parseInt(metadata.get("pictures")),
          TorchRandom.restore(Base64.getDecoder().decode(metadata.get("random"))),
          LossHistory.parse(metadata.get("history")));
    } catch (IllegalArgumentException
        | NullPointerException
        | com.google.gson.JsonParseException e) {
      throw new TrainingException(file + " is damaged and cannot be resumed: " + e.getMessage(), e);
    }
  }

  /** The names of settings that differ between this run and another. */
  Set<String> differences(Map<String, Object> others) {
    Map<String, Object> theirs = JSON.fromJson(JSON.toJson(others), LinkedHashMap.class);
    Set<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(hyperparameters.keySet());
    names.removeIf(
        name -> String.valueOf(hyperparameters.get(name)).equals(String.valueOf(theirs.get(name))));
    return names;
  }

  /** Copies the saved arrays over those of a training. */
  void restore(Map<String, NDArray> parameters, AdamW optimiser, NDManager manager) {
    try (SafetensorsFile saved = SafetensorsFile.open(file);
        NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> state = new LinkedHashMap<>();
      for (String name : optimiser.state().keySet()) {
        state.put(name, saved.read(OPTIMISER + name, scope));
      }
      optimiser.restore(state, step);
      parameters.forEach((name, array) -> saved.read(PARAMETER + name, scope).copyTo(array));
    }
  }
}
