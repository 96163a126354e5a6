package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ExecutionListener;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run, as its client hears it over the WebSocket and as the history keeps it. Called on the
 * worker's thread.
 */
final class RunMessages implements ExecutionListener {
  private final QueuedPrompt prompt;
  private final ClientSockets sockets;
  private final boolean hasPreviews;
  private final Runnable started;
  private final Map<String, JsonObject> progress = new LinkedHashMap<>();
  private final JsonArray messages = new JsonArray();
  private final JsonObject outputs = new JsonObject();
  private final JsonObject meta = new JsonObject();
  private @Nullable String running;
  private @Nullable String end;

  /**
   * @param extra the prompt's {@code extra_data}: {@code preview_method} may be {@code none}
   * @param started is called when the run listens to {@link PromptRunner#interrupt}
   */
  RunMessages(QueuedPrompt prompt, JsonObject extra, ClientSockets sockets, Runnable started) {
    this.prompt = prompt;
    this.sockets = sockets;
    this.hasPreviews = !Json.text(extra, "preview_method").orElse("").equals("none");
    this.started = started;
  }

  @Override
  public void start(String promptId) {
    keep("execution_start", new JsonObject());
    started.run();
  }

  @Override
  public void cached(String promptId, List<String> nodes) {
    nodes.forEach(node -> progress.put(node, nodeProgress(node, 1, 1, "finished")));
    keep("execution_cached", Json.object("nodes", nodes));
  }

  @Override
  public void executing(String promptId, String node) {
    finishNode();
    running = node;
    progress.put(node, nodeProgress(node, 0, 1, "running"));
    sockets.sendExecuting(prompt.clientId(), prompt.id(), node);
    sendProgress();
  }

  @Override
  public void progress(String promptId, String node, double value, double max) {
    progress.put(node, nodeProgress(node, value, max, "running"));
    sendProgress();
    send(
        "progress",
        Json.object(
            "value", Json.number(value),
            "max", Json.number(max),
            "prompt_id", prompt.id(),
            "node", node));
  }

  private JsonObject nodeProgress(String node, double value, double max, String state) {
    JsonObject told =
        Json.object("value", Json.number(value), "max", Json.number(max), "state", state);
    place(node).asMap().forEach(told::add);
    return told;
  }

  /** Which node of which run, in all of the page's names for it. */
  private JsonObject place(String node) {
    return Json.object(
        "node_id",
        node,
        "prompt_id",
        prompt.id(),
        "display_node_id",
        node,
        "parent_node_id",
        null,
        "real_node_id",
        node);
  }

  /** The node that was run has ended when another begins, or the run is over. */
  private void finishNode() {
    JsonObject last = running == null ? null : progress.get(running);
    if (last != null) {
      last.addProperty("state", "finished");
      last.add("value", last.get("max"));
      sendProgress();
    }
    running = null;
  }

  private void sendProgress() {
    JsonObject nodes = new JsonObject();
    progress.forEach((node, state) -> nodes.add(node, state));
    send("progress_state", Json.object("prompt_id", prompt.id(), "nodes", nodes));
  }

  @Override
  public void preview(String promptId, String node, BufferedImage picture) {
    if (!hasPreviews || !sockets.isThere(prompt.clientId())) {
      return;
    }
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      PictureEncoder.jpeg(picture, jpeg);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonObject about = place(node);
    about.addProperty("image_type", "image/jpeg");
    sockets.sendPreview(prompt.clientId(), jpeg.toByteArray(), about);
  }

  @Override
  public void activity(String promptId, String node, String activity) {
    JsonObject state = progress.get(node);
    if (state == null) {
      return;
    }
    if (activity.isEmpty()) {
      state.remove("activity");
    } else {
      state.addProperty("activity", activity);
    }
    sendProgress();
  }

  @Override
  public void text(String promptId, String node, String text) {
    sockets.sendProgressText(prompt.clientId(), node, text);
  }

  @Override
  public void executed(String promptId, String node, JsonObject output) {
    outputs.add(node, output);
    meta.add(
        node,
        Json.object(
            "node_id", node, "display_node", node, "parent_node", null, "real_node_id", node));
    send(
        "executed",
        Json.object(
            "node", node, "display_node", node, "output", output, "prompt_id", prompt.id()));
  }

  @Override
  public void success(String promptId) {
    finishNode();
    end("execution_success", new JsonObject());
  }

  @Override
  public void error(String promptId, Failure failure) {
    JsonObject state = progress.get(failure.node());
    if (state != null) {
      state.addProperty("state", "error");
      sendProgress();
    }
    end(
        "execution_error",
        Json.object(
            "node_id", failure.node(),
            "node_type", failure.nodeType(),
            "executed", failure.executed(),
            "exception_message", failure.message(),
            "exception_type", failure.exceptionType(),
            "traceback", failure.traceback(),
            "current_inputs", failure.inputs(),
            "current_outputs", List.of()));
  }

  @Override
  public void interrupted(String promptId, String node, String nodeType, List<String> executed) {
    end(
        "execution_interrupted",
        Json.object("node_id", node, "node_type", nodeType, "executed", executed));
  }

  /** Whether the run told how it ended. */
  boolean hasEnded() {
    return end != null;
  }

  /** Whether it ended because a person wanted it to. */
  boolean isInterrupted() {
    return "execution_interrupted".equals(end);
  }

  private void end(String event, JsonObject data) {
    end = event;
    keep(event, data);
  }

  /** Sends a message that the history keeps, too. */
  private void keep(String event, JsonObject data) {
    data.addProperty("prompt_id", prompt.id());
    data.addProperty("timestamp", System.currentTimeMillis());
    messages.add(Json.array(event, data));
    send(event, data);
  }

  private void send(String event, JsonObject data) {
    sockets.send(prompt.clientId(), event, data);
  }

  /**
   * The history's entry.
   *
   * @param item {@code [number, id, prompt, extra_data, outputs]}
   */
  JsonObject entry(JsonArray item) {
    boolean isSuccess = "execution_success".equals(end);
    return Json.object(
        "prompt", item,
        "outputs", outputs,
        "status", status(isSuccess, messages),
        "meta", meta);
  }

  private static JsonObject status(boolean isSuccess, JsonArray messages) {
    return Json.object(
        "status_str", isSuccess ? "success" : "error",
        "completed", isSuccess,
        "messages", messages);
  }

  /** The entry of a prompt that failed at none of its nodes. */
  static JsonObject failedWithoutNode(String id, JsonArray item, String message) {
    JsonObject data =
        Json.object(
            "node_id",
            "",
            "node_type",
            "",
            "executed",
            List.of(),
            "exception_message",
            message,
            "exception_type",
            "ServerEnded",
            "traceback",
            List.of(),
            "prompt_id",
            id,
            "timestamp",
            System.currentTimeMillis());
    return Json.object(
        "prompt",
        item,
        "outputs",
        new JsonObject(),
        "status",
        status(false, Json.array(Json.array("execution_error", data))),
        "meta",
        new JsonObject());
  }

  /** The nodes that were begun. */
  List<String> begun() {
    return new ArrayList<>(progress.keySet());
  }
}
