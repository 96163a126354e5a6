package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the list of jobs shows of those that have been run, in the order in which they ended. It is
 * kept as lines that are appended to a file; a line that a killed server left torn, or did not come
 * to write, is made again from the history's own files.
 */
final class HistoryIndex implements AutoCloseable {
  /** As many as ComfyUI remembers; then the oldest is forgotten. Its pictures stay. */
  static final int MOST = 10_000;

  private final QueueFiles files;
  private final Path file;
  private final int most;
  private final Map<String, JsonObject> jobs = new LinkedHashMap<>();
  private final FileChannel lines;

  /**
   * Reads the index, and repairs it.
   *
   * @param most that are remembered
   */
  HistoryIndex(QueueFiles files, int most) throws IOException {
    this.files = files;
    this.most = most;
    this.file = files.folder().resolve("history.jsonl");
    boolean isWhole = read();
    isWhole &= compareWithFiles();
    if (!isWhole) {
      rewrite();
    }
    lines =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    forgetOldest();
  }

  /** Whether the file need not be written anew. */
  private boolean read() throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    String text = Files.readString(RegularFile.require(file));
    boolean isWhole = text.isEmpty() || text.endsWith("\n");
    int damaged = isWhole ? 0 : 1;
    int end = text.lastIndexOf('\n') + 1;
    for (String line : text.substring(0, end).lines().toList()) {
      try {
        JsonObject job = ComfyJson.parse(line).getAsJsonObject();
        String id = job.get("id").getAsString();
        if (job.has("forgotten")) {
          jobs.remove(id);
          isWhole = false;
        } else {
          jobs.put(id, job);
        }
      } catch (ComfyJson.Malformed | RuntimeException e) {
        damaged++;
        isWhole = false;
      }
    }
    if (damaged > 0) {
      files
          .notices()
          .accept(
              "The list of jobs had %d torn line(s), as after a server that was killed; they are made again from the jobs' own files."
                  .formatted(damaged));
    }
    return isWhole;
  }

  private boolean compareWithFiles() throws IOException {
    List<String> there = files.historyIds();
    boolean isWhole = !jobs.keySet().retainAll(Set.copyOf(there));
    List<JsonObject> missing = new ArrayList<>();
    for (String id : there) {
      if (!jobs.containsKey(id)) {
        try {
          files.readHistory(id).map(entry -> Jobs.ended(id, entry)).ifPresent(missing::add);
        } catch (IOException e) {
          files.notices().accept("A job is left out of the list: " + e.getMessage());
        }
      }
    }
    missing.sort(Comparator.comparingLong(Jobs::endTime));
    missing.forEach(job -> jobs.put(job.get("id").getAsString(), job));
    return isWhole && missing.isEmpty();
  }

  private void rewrite() throws IOException {
    StringBuilder text = new StringBuilder();
    jobs.values().forEach(job -> text.append(ComfyJson.write(job)).append('\n'));
    AtomicFile.writeText(file, text.toString());
  }

  /** Adds a job whose file is written. */
  void add(JsonObject job) throws IOException {
    String id = job.get("id").getAsString();
    jobs.remove(id); // to the end
    jobs.put(id, job);
    append(job);
    forgetOldest();
  }

  private void forgetOldest() throws IOException {
    while (jobs.size() > most) {
      forget(jobs.keySet().iterator().next());
    }
  }

  /** Forgets a job, and deletes its file; nothing if there is none. */
  void forget(String id) throws IOException {
    if (jobs.remove(id) != null) {
      files.deleteHistory(
          id); // first: a line without a file is dropped, a file without a line is not
      append(Json.object("id", id, "forgotten", true));
    }
  }

  private void append(JsonObject line) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((ComfyJson.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      lines.write(bytes);
    }
  }

  Optional<JsonObject> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** From the one that ended first. */
  List<JsonObject> jobs() {
    return List.copyOf(jobs.values());
  }

  List<String> ids() {
    return List.copyOf(jobs.keySet());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
