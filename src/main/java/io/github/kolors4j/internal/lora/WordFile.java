package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.TensorInfo;
import io.github.kolors4j.internal.weights.TorchFile;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Files of textual inversion: diffusers' {@code {word: (tokens, hidden)}}, and of the Stable
 * Diffusion web UI {@code emb_params} in safetensors files and {@code string_to_param} in torch's.
 */
public final class WordFile {
  /** The web UI's names of the one tensor. */
  private static final String IN_SAFETENSORS = "emb_params";

  private static final String IN_TORCH = "string_to_param.*";

  /** More would not fit into a prompt. */
  private static final long MOST_TOKENS = 250;

  private WordFile() {}

  /**
   * Reads a word: the one that the file names, or the file's own name, as in the web UI.
   *
   * @param path a {@code .safetensors} file, or one of torch
   * @param manager the owner of the vectors, which are read as float32
   * @throws LoraException if it holds anything else
   * @throws io.github.kolors4j.WeightsException if it cannot be read
   */
  public static WordVectors read(Path path, NDManager manager) {
    boolean safetensors = path.toString().endsWith(".safetensors");
    try (TensorFile file = safetensors ? SafetensorsFile.open(path) : TorchFile.open(path)) {
      Set<String> names = file.names();
      if (names.size() != 1) {
        throw new LoraException(
            "%s is no word of one text encoder: it has %d tensors (%s). Files for SDXL have one for each CLIP; Kolors reads prompts with ChatGLM, and needs a word that was trained with it."
                .formatted(
                    path, names.size(), String.join(", ", names.stream().limit(5).toList())));
      }
      String name = names.iterator().next();
      String word = name;
      if (name.equals(IN_SAFETENSORS) || name.equals(IN_TORCH)) {
        String stated = file.metadata().get("name");
        word = name.equals(IN_TORCH) && stated != null ? stated : withoutEnding(path);
      }
      requireVectors(path, file.info(name));
      try (NDArray stored = file.read(name, manager);
          NDArray numbers = stored.toType(DataType.FLOAT32, false)) {
        long[] shape = stored.getShape().getShape();
        Shape rows = shape.length == 1 ? new Shape(1, shape[0]) : stored.getShape();
        return new WordVectors(word, numbers.reshape(rows).duplicate());
      }
    }
  }

  private static void requireVectors(Path path, TensorInfo tensor) {
    Shape shape = tensor.shape();
    int dimensions = shape.dimension();
    boolean fits = dimensions == 1 || dimensions == 2 && shape.get(0) <= MOST_TOKENS;
    if (!fits || shape.size() == 0) {
      throw new LoraException(
          "%s has '%s' of shape %s, but a word is (tokens, hidden), with 1 to %d tokens."
              .formatted(path, tensor.name(), shape, MOST_TOKENS));
    }
  }

  private static String withoutEnding(Path path) {
    return String.valueOf(path.getFileName()).replaceFirst("\\.[^.]*$", "");
  }

  /** Writes a word as diffusers does, aside, and moves the file into place. */
  public static void write(Path path, WordVectors word) {
    SafetensorsWriter.write(path, Map.of(word.word(), word.vectors()), Map.of("format", "pt"));
  }
}
