package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code /queue} and {@code /history}, as older clients read them; and of our own: {@code POST
 * /queue/pause}, {@code /queue/resume} and {@code /queue/move}.
 */
final class QueueRoutes {
  private static final String JSON = "application/json; charset=utf-8";

  private final PromptQueue queue;
  private final ClientSockets sockets;

  QueueRoutes(PromptQueue queue, ClientSockets sockets) {
    this.queue = queue;
    this.sockets = sockets;
  }

  void addTo(Router router) {
    router
        .get("/queue", call -> Answer.stream(JSON, this::writeQueue))
        .post("/queue", this::changeQueue)
        .post("/queue/pause", call -> pause(true))
        .post("/queue/resume", call -> pause(false))
        .post("/queue/move", this::move)
        .get("/history", this::history)
        .get("/history/{id}", call -> history(List.of(call.parameter("id"))))
        .post("/history", this::changeHistory);
  }

  /** One prompt after the other: a thousand of them at once would take much memory. */
  private void writeQueue(OutputStream out) throws IOException {
    write(out, "{\"queue_running\": [");
    writeItems(queue.running().stream().toList(), out);
    write(out, "], \"queue_pending\": [");
    writeItems(queue.pending(), out);
    write(out, "], \"paused\": " + queue.isPaused() + "}");
  }

  private void writeItems(List<QueuedPrompt> prompts, OutputStream out) throws IOException {
    boolean isFirst = true;
    for (QueuedPrompt prompt : prompts) {
      Optional<JsonArray> item = queue.files().readItem(prompt.id());
      if (item.isPresent()) { // it may have been run meanwhile
        item.get().set(0, new JsonPrimitive(Json.number(prompt.number())));
        write(out, (isFirst ? "" : ", ") + ComfyJson.write(item.get()));
        isFirst = false;
      }
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private Answer changeQueue(Call call) throws IOException {
    JsonObject wanted = call.jsonObject();
    if (Json.isTrue(wanted, "clear")) {
      queue.clear();
    }
    for (String id : ids(wanted)) {
      queue.remove(id);
    }
    sockets.sendStatus();
    return Answer.status(Answer.OK);
  }

  private static List<String> ids(JsonObject wanted) {
    List<String> ids = new ArrayList<>();
    if (wanted.get("delete") instanceof JsonArray list) {
      for (JsonElement id : list) {
        Json.text(id).ifPresent(ids::add); // no other value is an id
      }
    }
    return ids;
  }

  private Answer pause(boolean wanted) {
    queue.pause(wanted);
    return Answer.json(Json.object("paused", wanted));
  }

  private Answer move(Call call) {
    JsonObject wanted = call.jsonObject();
    String id =
        Json.text(wanted, "prompt_id")
            .orElseThrow(() -> Refusal.json(Answer.BAD_REQUEST, "prompt_id is missing"));
    if (!(wanted.get("position") instanceof JsonPrimitive position
        && position.isNumber()
        && position.getAsDouble() >= 0)) {
      throw Refusal.json(Answer.BAD_REQUEST, "position is the place in the queue, from 0");
    }
    if (!queue.move(id, (int) Math.min(position.getAsDouble(), Integer.MAX_VALUE))) {
      throw Refusal.json(Answer.NOT_FOUND, "No prompt of this id waits.");
    }
    sockets.sendStatus();
    JsonArray order = new JsonArray();
    queue.pending().forEach(prompt -> order.add(prompt.id()));
    return Answer.json(Json.object("queue_pending", order));
  }

  private Answer history(Call call) {
    List<String> ids = new ArrayList<>();
    queue.ended().forEach(job -> ids.add(job.get("id").getAsString()));
    int most = whole(call, "max_items", ids.size());
    int offset = whole(call, "offset", -1);
    // Without an offset, the last ones.
    int from = offset >= 0 ? Math.min(offset, ids.size()) : Math.max(0, ids.size() - most);
    return history(ids.subList(from, Math.min(ids.size(), from + most)));
  }

  private static int whole(Call call, String name, int standard) {
    Optional<String> value = call.queried(name);
    if (value.isEmpty()) {
      return standard;
    }
    try {
      int whole = Integer.parseInt(value.get());
      return whole < 0 ? standard : Math.min(whole, HistoryIndex.MOST);
    } catch (NumberFormatException e) {
      throw Refusal.json(Answer.BAD_REQUEST, name + " must be an integer");
    }
  }

  private Answer history(List<String> ids) {
    return Answer.stream(
        JSON,
        out -> {
          String before = "{";
          for (String id : ids) {
            if (queue.ended(id).isPresent()) {
              write(out, before + ComfyJson.write(new JsonPrimitive(id)) + ": ");
              queue.files().copyHistory(id, out);
              before = ", ";
            }
          }
          write(out, before.equals("{") ? "{}" : "}");
        });
  }

  private Answer changeHistory(Call call) throws IOException {
    JsonObject wanted = call.jsonObject();
    if (Json.isTrue(wanted, "clear")) {
      queue.forgetAll();
    }
    for (String id : ids(wanted)) {
      queue.forget(id);
    }
    sockets.sendStatus();
    return Answer.status(Answer.OK);
  }
}
