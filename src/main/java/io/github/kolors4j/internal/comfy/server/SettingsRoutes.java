package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** {@code /settings}: what the page remembers of a person's choices. */
final class SettingsRoutes {
  private static final int MOST_CHARACTERS = 4 << 20;

  /** Unless it is set, the page covers itself with its templates, which we have none of. */
  private static final String TUTORIAL = "Comfy.TutorialCompleted";

  private final Path file;
  private final Consumer<String> notices;

  /**
   * @param user the user's folder
   */
  SettingsRoutes(Path user, Consumer<String> notices) {
    this.file = user.resolve("comfy.settings.json");
    this.notices = notices;
  }

  void addTo(Router router) {
    router
        .get("/settings", call -> Answer.json(read()))
        .get("/settings/{id}", call -> Answer.json(value(call.parameter("id"))))
        .post("/settings", this::writeAll)
        .post("/settings/{id}", this::write);
  }

  private JsonObject read() throws IOException {
    JsonObject settings = stored();
    if (!settings.has(TUTORIAL)) {
      settings.addProperty(TUTORIAL, true);
    }
    return settings;
  }

  private synchronized JsonObject stored() throws IOException {
    if (!Files.exists(file)) {
      return new JsonObject();
    }
    try {
      if (ComfyJson.parse(Files.readString(RegularFile.require(file)))
          instanceof JsonObject settings) {
        return settings;
      }
      notices.accept("The settings in " + file + " are no JSON object; the page starts without.");
    } catch (ComfyJson.Malformed | IOException e) {
      notices.accept(
          "The settings in %s cannot be read (%s); the page starts without."
              .formatted(file, e.getMessage()));
    }
    return new JsonObject();
  }

  private JsonElement value(String id) throws IOException {
    JsonElement value = read().get(id);
    return value == null ? JsonNull.INSTANCE : value;
  }

  private Answer writeAll(Call call) throws IOException {
    JsonObject changed = call.jsonObject();
    return change(settings -> changed.asMap().forEach(settings::add));
  }

  private Answer write(Call call) throws IOException {
    JsonElement value = call.json();
    return change(settings -> settings.add(call.parameter("id"), value));
  }

  private synchronized Answer change(Consumer<JsonObject> change) throws IOException {
    JsonObject settings = stored();
    change.accept(settings);
    String text = ComfyJson.writeIndented(settings);
    if (text.length() > MOST_CHARACTERS) {
      throw Refusal.json(Answer.TOO_LARGE, "The settings would be larger than 4 MB.");
    }
    AtomicFile.writeText(file, text);
    return Answer.status(Answer.OK);
  }
}
