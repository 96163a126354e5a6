package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code /models}, {@code /experiment/models} and {@code /view_metadata}: what is on disk. */
final class ModelRoutes {
  /** ComfyUI's names of the folders that our nodes read. */
  static final List<String> KINDS = List.of("diffusers", "vae", "loras", "LLM");

  private static final List<String> ENDINGS =
      List.of(".safetensors", ".sft", ".bin", ".ckpt", ".pt", ".pt2", ".pth", ".pkl");

  private static final int MOST_HEADER_BYTES = 1 << 20;

  private final ComfyFolders folders;

  ModelRoutes(ComfyFolders folders) {
    this.folders = folders;
  }

  void addTo(Router router) {
    router
        .get("/models", call -> Answer.json(Json.array(KINDS.toArray())))
        .get("/models/{folder}", call -> Answer.json(Json.array(files(call).toArray())))
        .get("/experiment/models", call -> Answer.json(kinds()))
        .get("/experiment/models/{folder}", this::list)
        .get("/view_metadata/{folder}", this::metadata)
        .get("/embeddings", call -> Answer.json(new JsonArray()));
  }

  /** Each kind's folder, as a list of one. */
  static JsonObject folderPaths(ComfyFolders folders) {
    JsonObject paths = new JsonObject();
    KINDS.forEach(kind -> paths.add(kind, Json.array(folders.models(kind).toString())));
    return paths;
  }

  private JsonArray kinds() {
    JsonArray kinds = new JsonArray();
    for (String kind : KINDS) {
      kinds.add(
          Json.object(
              "name", kind,
              "folders", Json.array(folders.models(kind).toString()),
              "extensions", ENDINGS));
    }
    return kinds;
  }

  private static String kind(Call call) {
    String kind = call.parameter("folder");
    if (!KINDS.contains(kind)) {
      throw Refusal.json(Answer.NOT_FOUND, "There is no such folder of models.");
    }
    return kind;
  }

  private List<String> files(Call call) {
    return folders.modelFiles(kind(call), ENDINGS);
  }

  private Answer list(Call call) throws IOException {
    String kind = kind(call);
    JsonArray list = new JsonArray();
    for (String name : folders.modelFiles(kind, ENDINGS)) {
      Path file = folders.models(kind).resolve(name);
      double modified = Files.getLastModifiedTime(file).toMillis() / 1000.0;
      list.add(
          Json.object(
              "name", name,
              "pathIndex", 0,
              "modified", modified,
              "created", modified,
              "size", Files.size(file)));
    }
    return Answer.json(list);
  }

  private Answer metadata(Call call) throws IOException {
    String name = call.queried("filename").orElse("");
    Path file = SafePath.in(folders.models(kind(call)), name, Answer.NOT_FOUND);
    if (!name.endsWith(".safetensors") || !Files.isRegularFile(file)) {
      throw Refusal.because(Answer.NOT_FOUND, "There is no such file.");
    }
    if (header(file) instanceof JsonObject header
        && header.get("__metadata__") instanceof JsonObject metadata) {
      return Answer.json(metadata);
    }
    throw Refusal.because(Answer.NOT_FOUND, "The file says nothing of itself.");
  }

  private static JsonElement header(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(RegularFile.require(file)))) {
      long length = Long.reverseBytes(in.readLong());
      if (length < 0 || length > MOST_HEADER_BYTES) {
        throw Refusal.because(Answer.NOT_FOUND, "The file's header is too long to be read here.");
      }
      String text = new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
      return ComfyJson.parse(text);
    } catch (ComfyJson.Malformed | java.io.EOFException e) {
      throw Refusal.because(Answer.NOT_FOUND, "The file's header cannot be read.");
    }
  }
}
