package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code /internal/…}: the log, and what lies in the folders. */
final class InternalRoutes {
  private static final int MOST_FILES = 10_000;

  private final ComfyFolders folders;
  private final ServerLog log;

  InternalRoutes(ComfyFolders folders, ServerLog log) {
    this.folders = folders;
    this.log = log;
  }

  void addTo(Router router) {
    router
        .get("/internal/logs", call -> Answer.json(new JsonPrimitive(log.text())))
        .get("/internal/logs/raw", call -> Answer.json(log.raw()))
        .on("PATCH", "/internal/logs/subscribe", this::subscribe)
        .get("/internal/folder_paths", call -> Answer.json(ModelRoutes.folderPaths(folders)))
        .get("/internal/files/{type}", this::files);
  }

  private Answer subscribe(Call call) {
    JsonObject wanted = call.jsonObject();
    String clientId =
        Json.text(wanted, "clientId")
            .orElseThrow(() -> Refusal.json(Answer.BAD_REQUEST, "clientId is missing"));
    log.subscribe(clientId, Json.isTrue(wanted, "enabled"));
    return Answer.status(Answer.OK);
  }

  private Answer files(Call call) throws IOException {
    String type = call.parameter("type");
    if (!Set.of("input", "output", "temp").contains(type)) {
      throw Refusal.json(Answer.BAD_REQUEST, "Invalid directory type");
    }
    JsonArray names = new JsonArray();
    newestFirst(folders.ofType(type)).forEach(names::add);
    return Answer.json(names);
  }

  private static List<String> newestFirst(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .limit(MOST_FILES)
          .sorted(Comparator.comparingLong(InternalRoutes::changed).reversed())
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }

  private static long changed(Path file) {
    return file.toFile().lastModified();
  }
}
