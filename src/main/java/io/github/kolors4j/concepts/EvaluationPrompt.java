package io.github.kolors4j.concepts;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A prompt that nothing was trained on, and what its picture must show. Those of {@code
 * data/generator/heldout-prompts.jsonl} ask for combinations of hair, clothes and background that
 * are in no training picture.
 *
 * @param text the prompt
 * @param attributes attribute → value, as the classifier calls them
 * @param seed of the picture: the prompt's number in its file, from 0
 */
public record EvaluationPrompt(String text, Map<String, String> attributes, long seed) {
  /** Copies the attributes. */
  public EvaluationPrompt {
    attributes = Map.copyOf(attributes);
  }

  private record Line(String prompt, Map<String, String> attributes) {}

  /**
   * Reads prompts, one JSON object a line: {@code {"prompt": …, "attributes": {"hairColor": …}}}.
   *
   * @throws IllegalArgumentException naming the first line that is none
   */
  public static List<EvaluationPrompt> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(RegularFile.require(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the prompts in " + file + ": " + e, e);
    }
    Gson gson = new Gson();
    List<EvaluationPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Line line;
      try {
        line = gson.fromJson(lines.get(i), Line.class);
      } catch (JsonParseException e) {
        throw malformed(file, i);
      }
      if (line == null
          || line.prompt() == null
          || line.attributes() == null
          || line.attributes().isEmpty()) {
        throw malformed(file, i);
      }
      prompts.add(new EvaluationPrompt(line.prompt(), line.attributes(), prompts.size()));
    }
    return prompts;
  }

  private static IllegalArgumentException malformed(Path file, int index) {
    return new IllegalArgumentException(
        "Line %d of %s is no {\"prompt\": …, \"attributes\": {…}}.".formatted(index + 1, file));
  }

  /** The same prompt without its words for a style, which stand before the first comma. */
  public EvaluationPrompt withoutStyle() {
    Map<String, String> others = new HashMap<>(attributes);
    others.remove("style");
    return new EvaluationPrompt(text.substring(text.indexOf('，') + 1), others, seed);
  }

  /**
   * The same prompt in another style.
   *
   * @param words for the style, which stand before the first comma
   * @param style as the classifier calls it
   */
  public EvaluationPrompt inStyle(String words, String style) {
    int comma = text.indexOf('，');
    Map<String, String> others = new HashMap<>(attributes);
    others.put("style", style);
    return new EvaluationPrompt(words + text.substring(Math.max(0, comma)), others, seed);
  }
}
