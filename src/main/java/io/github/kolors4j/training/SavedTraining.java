package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingTable;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a training needs to go on as if it had never stopped, in one safetensors file: the
 * adapter, the optimizer's averages, where the random numbers are, and what was measured. The
 * arrays and numbers of it are {@link Learner}'s.
 *
 * @param hyperparameters as JSON, by name, to tell whether a run is the same
 * @param finished whether nothing is left to do
 * @param pictures how many pictures were trained on
 * @param numbers single numbers of the learner, by name
 */
record SavedTraining(
    Path file,
    long step,
    Map<String, Object> hyperparameters,
    boolean finished,
    int pictures,
    Map<String, Double> numbers,
    TorchRandom random,
    LossHistory history) {
  private static final String FORMAT = "kolors4j LoRA training 2";
  private static final Gson JSON =
      new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

  /** Writes the state, with the learner's arrays, aside and moves it into place. */
  void write(Map<String, NDArray> arrays) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("step", Long.toString(step));
    metadata.put("hyperparameters", JSON.toJson(hyperparameters));
    metadata.put("finished", Boolean.toString(finished));
    metadata.put("pictures", Integer.toString(pictures));
    metadata.put("numbers", JSON.toJson(numbers));
    metadata.put("random", Base64.getEncoder().encodeToString(random.state()));
    metadata.put("history", history.csv());
    SafetensorsWriter.write(file, arrays, metadata);
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
              JSON.fromJson(metadata.get("numbers"), new TypeToken<Map<String, Double>>() {}),
              TorchRandom.restore(Base64.getDecoder().decode(metadata.get("random"))),
              LossHistory.parse(Objects.requireNonNull(metadata.get("history"))))
          .checked();
    } catch (IllegalArgumentException
        | NullPointerException
        | ClassCastException
        | IndexOutOfBoundsException
        | JsonParseException e) {
      throw damaged(file, e.getMessage(), e);
    }
  }

  private static TrainingException damaged(
      Path file, @Nullable String what, @Nullable Exception e) {
    return new TrainingException(
        "%s is damaged and cannot be resumed: %s. Its checkpoints are untouched: use the last of them, or begin a new run."
            .formatted(file, what),
        e);
  }

  /** Numbers that no training writes would make the next one wrong, or endless. */
  private SavedTraining checked() {
    if (step < 0 || pictures < 1) {
      throw new IllegalArgumentException(
          "it is at step %,d, with %,d pictures".formatted(step, pictures));
    }
    numbers.forEach(
        (name, value) -> {
          if (value == null || !Double.isFinite(value) || value < 0) {
            throw new IllegalArgumentException("its number " + name + " is " + value);
          }
        });
    if (hyperparameters.isEmpty()) {
      throw new IllegalArgumentException("it has no settings");
    }
    return this;
  }

  /**
   * A number of the learner.
   *
   * @throws TrainingException if it is not there
   */
  double number(String name) {
    Double number = numbers.get(name);
    if (number == null) {
      throw damaged(file, "it has no number " + name, null);
    }
    return number;
  }

  /**
   * Checks that the run did not go further than it is to go.
   *
   * @param updates steps in all
   */
  void requireWithin(long updates) {
    if (step > updates) {
      throw damaged(file, "it is at step %,d of %,d".formatted(step, updates), null);
    }
  }

  /**
   * The names of settings that differ between this run and another. An option that there was not
   * yet when this run was saved has the value that it has if nothing is said.
   */
  Set<String> differences(Map<String, Object> others) {
    Map<String, Object> theirs = JSON.fromJson(JSON.toJson(others), LinkedHashMap.class);
    Map<String, Object> ours = new LinkedHashMap<>(hyperparameters);
    for (TrainingOption<?> option : TrainingTable.ROWS) {
      if (theirs.containsKey(option.name())) {
        ours.putIfAbsent(option.name(), TrainingOption.written(option.usual()));
      }
    }
    Set<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(ours.keySet());
    names.removeIf(name -> String.valueOf(ours.get(name)).equals(String.valueOf(theirs.get(name))));
    return names;
  }

  /**
   * Reads saved arrays.
   *
   * @param live what they are to replace, by name
   * @throws TrainingException if one is missing, or has another shape or type than the live one
   */
  Map<String, NDArray> arrays(Map<String, NDArray> live, NDManager manager) {
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      live.forEach(
          (name, array) -> {
            TensorInfo info = saved.names().contains(name) ? saved.info(name) : null;
            if (info == null
                || !info.shape().equals(array.getShape())
                || info.type() != array.getDataType()) {
              throw new TrainingException(
                  "%s has no fitting \"%s\": it belongs to a run with other layers or another rank, or is damaged. Begin a new run."
                      .formatted(file, name));
            }
            arrays.put(name, saved.read(name, manager));
          });
      return arrays;
    }
  }
}
