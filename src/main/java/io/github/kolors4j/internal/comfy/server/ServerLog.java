package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The server's last words, for the page's log, beside whoever started it. */
final class ServerLog implements Consumer<String> {
  private static final int MOST_LINES = 300;
  private static final int LONGEST_LINE = 10_000;
  private static final int MOST_READERS = 256;

  private final Consumer<String> starter;
  private final Deque<JsonObject> lines = new ArrayDeque<>();
  private final Set<String> readers = new HashSet<>();
  private Consumer<JsonObject> sender = line -> {};

  /**
   * @param starter hears everything, too
   */
  ServerLog(Consumer<String> starter) {
    this.starter = starter;
  }

  /** Says where lines go as they come. */
  void sendTo(Consumer<JsonObject> messages) {
    this.sender = messages;
  }

  @Override
  public void accept(String text) {
    starter.accept(text);
    String shown =
        text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) + "… (cut)" : text;
    JsonObject line =
        Json.object("t", LocalDateTime.now().truncatedTo(ChronoUnit.MICROS), "m", shown + "\n");
    synchronized (this) {
      lines.add(line);
      if (lines.size() > MOST_LINES) {
        lines.remove();
      }
    }
    sender.accept(Json.object("entries", Json.array(line)));
  }

  synchronized void subscribe(String clientId, boolean wanted) {
    if (wanted && readers.size() < MOST_READERS) {
      readers.add(clientId);
    } else {
      readers.remove(clientId);
    }
  }

  synchronized Set<String> readers() {
    return Set.copyOf(readers);
  }

  /** As {@code /internal/logs/raw}. */
  synchronized JsonObject raw() {
    JsonArray entries = new JsonArray();
    lines.forEach(entries::add);
    return Json.object("entries", entries, "size", Json.object("cols", 120, "rows", 40));
  }

  /** As {@code /internal/logs}. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    for (JsonObject line : lines) {
      text.append(line.get("t").getAsString()).append(" - ").append(line.get("m").getAsString());
    }
    return text.toString();
  }
}
