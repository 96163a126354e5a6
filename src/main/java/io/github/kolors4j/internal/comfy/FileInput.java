package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.WorkflowException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A check that the picture which a node loads is there, in ComfyUI's words: what was uploaded after
 * the page had asked for the choices counts as well, and so does one in another folder.
 *
 * @param folders where it is looked for
 */
record FileInput(ComfyFolders folders) implements InputChecks {
  /** The input's name in all nodes that load pictures. */
  static final String NAME = "image";

  @Override
  public Set<String> checkedInputs() {
    return Set.of(NAME);
  }

  @Override
  public Optional<String> refusal(Map<String, JsonElement> values) {
    JsonElement value = values.get(NAME);
    if (!(value instanceof JsonPrimitive given)) {
      return Optional.empty(); // a link: what comes is seen when it is run
    }
    String name = given.getAsString();
    try {
      if (Files.isRegularFile(InputPicture.place(name, folders))) {
        return Optional.empty();
      }
    } catch (WorkflowException e) {
      // A name that leads out of the folder is no file of it.
    }
    return Optional.of("Invalid image file: " + name);
  }
}
