package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.ForeignFile;
import io.github.kolors4j.internal.image.PngText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes what ComfyUI's page saves: a workflow or a prompt as JSON, or a picture that
 * carries them. The two are told apart by their content, never by the file's name.
 */
public final class WorkflowFile {
  static final String WORKFLOW = "workflow";
  static final String PROMPT = "prompt";

  /** A workflow of a thousand nodes has about two megabytes. */
  private static final int LARGEST = 1 << 26;

  private WorkflowFile() {}

  /**
   * Reads a {@code .png} or a JSON file.
   *
   * @throws WorkflowException naming the file, if it is neither a workflow nor a prompt
   */
  public static JsonObject read(Path file) {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      return ofPicture(file);
    }
    try {
      return parse(ForeignFile.text(file, LARGEST), file.toString());
    } catch (NoSuchFileException e) {
      throw new WorkflowException(
          file + " is not there; give the path of a workflow's .json or of a picture's .png", e);
    } catch (IOException e) {
      throw new WorkflowException(file + " could not be read: " + e.getMessage(), e);
    }
  }

  /** The workflow, or else the prompt: what the page opens when the picture is dropped on it. */
  private static JsonObject ofPicture(Path file) {
    Map<String, String> texts = PngText.read(file);
    WorkflowException unreadable = null;
    for (String keyword : new String[] {WORKFLOW, PROMPT}) {
      String text = texts.get(keyword);
      if (text != null) {
        try {
          return parse(text, file + " (text " + keyword + ")");
        } catch (WorkflowException e) {
          unreadable = unreadable == null ? e : unreadable;
        }
      }
    }
    throw unreadable != null
        ? unreadable
        : new WorkflowException(
            file
                + " carries no workflow: it was not drawn by ComfyUI or this library, or another"
                + " program saved it again without its texts");
  }

  /**
   * Reads a text.
   *
   * @param source what to call it in an error
   * @throws WorkflowException if it is neither a workflow nor a prompt
   */
  public static JsonObject parse(String text, String source) {
    try {
      return require(ComfyJson.parse(text), source);
    } catch (ComfyJson.Malformed e) {
      throw new WorkflowException(source + " is no JSON: " + e.getMessage(), e);
    }
  }

  /** Checks that it is a workflow or a prompt. */
  public static JsonObject require(JsonElement json, String source) {
    if (json instanceof JsonObject object && (isWorkflow(object) || isPrompt(object))) {
      return object;
    }
    throw new WorkflowException(
        source
            + " is neither a workflow of ComfyUI (an object with a list \"nodes\", as Save writes"
            + " it) nor a prompt (node ids with \"class_type\" and \"inputs\", as Export (API)"
            + " writes it), but "
            + inWords(json));
  }

  /** Whether it is what the page saves, rather than what it posts. */
  public static boolean isWorkflow(JsonObject json) {
    return json.get("nodes") instanceof JsonArray;
  }

  private static boolean isPrompt(JsonObject json) {
    return json.size() > 0
        && json.entrySet().stream().map(Map.Entry::getValue).allMatch(JsonObject.class::isInstance)
        && json.entrySet().stream()
            .anyMatch(node -> node.getValue().getAsJsonObject().has("class_type"));
  }

  private static String inWords(JsonElement json) {
    if (json instanceof JsonObject object) {
      return object.size() == 0
          ? "an empty object"
          : "an object with " + String.join(", ", object.keySet().stream().limit(5).toList());
    }
    return json instanceof JsonArray
        ? "a list"
        : json instanceof JsonPrimitive value && value.isString() ? "a text" : "a single value";
  }

  /**
   * Writes JSON, indented as the page does. The file is complete or not there.
   *
   * @throws WorkflowException if the disk refuses
   */
  public static void write(JsonObject json, Path file) {
    try {
      AtomicFile.writeText(file, ComfyJson.writeIndented(json));
    } catch (IOException e) {
      throw new WorkflowException(file + " could not be written: " + e.getMessage(), e);
    }
  }
}
