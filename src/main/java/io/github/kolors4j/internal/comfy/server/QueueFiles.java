package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.LockFile;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the queue is kept, so that a server that is killed at any moment goes on: a file for each
 * prompt that waits ({@code pending/ID.json}), one for each that has been run ({@code
 * history/ID.json}), and {@code queue.json} with what changes. Each is written beside its place and
 * moved there, so it is whole or not there.
 *
 * <p>A waiting prompt's file has two lines: what {@link QueuedPrompt} holds, and ComfyUI's {@code
 * [number, id, prompt, extra_data, outputs]}.
 */
final class QueueFiles implements AutoCloseable {
  private static final Pattern FILE = Pattern.compile("[0-9a-f-]{36}\\.json");
  private static final Pattern ANY = Pattern.compile(".*\\.jsonl?");

  private final Path folder;
  private final Path pending;
  private final Path history;
  private final LockFile lock;
  private final Consumer<String> notices;

  /**
   * Opens the folder, for this server alone.
   *
   * @param notices hears what had to be repaired
   * @throws WorkflowException if another server has it
   */
  QueueFiles(Path folder, Consumer<String> notices) {
    this.folder = folder;
    this.pending = folder.resolve("pending");
    this.history = folder.resolve("history");
    this.notices = notices;
    try {
      Files.createDirectories(pending);
      Files.createDirectories(history);
      Path file = folder.resolve("lock");
      lock =
          LockFile.tryTake(file, notices)
              .orElseThrow(
                  () ->
                      new WorkflowException(
                          "Another server (%s) has its queue in %s: stop it, or give this one another folder (--base, ComfyServer.options().base)."
                              .formatted(LockFile.holder(file).orElse("unknown"), folder)));
    } catch (IOException e) {
      throw new WorkflowException("The queue cannot be kept in %s: %s".formatted(folder, e), e);
    }
    List.of(folder, pending, history).forEach(place -> AsideName.sweep(place, ANY));
  }

  Path folder() {
    return folder;
  }

  Consumer<String> notices() {
    return notices;
  }

  private Path pendingFile(String id) {
    return pending.resolve(id + ".json");
  }

  private Path historyFile(String id) {
    return history.resolve(id + ".json");
  }

  /** Keeps a prompt that waits. */
  void writePending(QueuedPrompt prompt, JsonArray item) throws IOException {
    AtomicFile.writeText(
        pendingFile(prompt.id()),
        ComfyJson.write(prompt.toJson()) + "\n" + ComfyJson.write(item) + "\n");
  }

  void deletePending(String id) throws IOException {
    Files.deleteIfExists(pendingFile(id));
  }

  /** The prompts that wait, in no order. A file that cannot be read is put aside with a word. */
  List<QueuedPrompt> readPending() throws IOException {
    List<QueuedPrompt> prompts = new ArrayList<>();
    for (String id : ids(pending)) {
      try (BufferedReader lines = Files.newBufferedReader(RegularFile.require(pendingFile(id)))) {
        QueuedPrompt prompt =
            QueuedPrompt.of(ComfyJson.parse(String.valueOf(lines.readLine())).getAsJsonObject());
        if (!prompt.id().equals(id)) {
          throw new IOException("it is of the prompt " + prompt.id());
        }
        prompts.add(prompt);
      } catch (IOException | ComfyJson.Malformed | RuntimeException e) {
        putAside(pendingFile(id), e);
      }
    }
    return prompts;
  }

  /** The {@code [number, id, prompt, extra_data, outputs]} of a prompt that waits. */
  Optional<JsonArray> readItem(String id) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(RegularFile.require(pendingFile(id)))) {
      lines.readLine();
      return Optional.of(ComfyJson.parse(String.valueOf(lines.readLine())).getAsJsonArray());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ComfyJson.Malformed | RuntimeException e) {
      throw new IOException(pendingFile(id) + " is damaged: " + e.getMessage(), e);
    }
  }

  private void putAside(Path file, Exception reason) {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    notices.accept(
        "The prompt in %s cannot be read (%s); the file is now %s."
            .formatted(file, reason.getMessage(), aside.getFileName()));
    try {
      Files.move(file, aside);
    } catch (IOException e) {
      notices.accept("It could not be renamed: " + e);
    }
  }

  /** Keeps what ComfyUI's {@code /history} says of a prompt that has been run. */
  void writeHistory(String id, JsonObject entry) throws IOException {
    AtomicFile.writeText(historyFile(id), ComfyJson.write(entry));
  }

  void deleteHistory(String id) throws IOException {
    Files.deleteIfExists(historyFile(id));
  }

  boolean hasHistory(String id) {
    return Files.exists(historyFile(id));
  }

  /** Nothing if there is none, or none any more. */
  Optional<JsonObject> readHistory(String id) throws IOException {
    try {
      return Optional.of(
          ComfyJson.parse(Files.readString(RegularFile.require(historyFile(id))))
              .getAsJsonObject());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ComfyJson.Malformed | RuntimeException e) {
      throw new IOException(historyFile(id) + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Copies an entry of the history as it is. */
  void copyHistory(String id, OutputStream out) throws IOException {
    Files.copy(historyFile(id), out);
  }

  List<String> historyIds() throws IOException {
    return ids(history);
  }

  private static List<String> ids(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> FILE.matcher(name).matches())
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    }
  }

  /** Keeps what changes: whether the queue is paused, what is run, and how it was reordered. */
  void writeState(JsonObject state) throws IOException {
    AtomicFile.writeText(folder.resolve("queue.json"), ComfyJson.write(state));
  }

  /** An empty object if there is none. */
  JsonObject readState() throws IOException {
    Path file = folder.resolve("queue.json");
    try {
      JsonElement state =
          ComfyJson.parse(Files.readString(RegularFile.require(file), StandardCharsets.UTF_8));
      return state.getAsJsonObject();
    } catch (NoSuchFileException e) {
      return new JsonObject();
    } catch (ComfyJson.Malformed | RuntimeException e) {
      notices.accept(
          "%s cannot be read (%s): the queue is in the order in which its prompts came."
              .formatted(file, e.getMessage()));
      return new JsonObject();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
