package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as {@code /api/jobs} lists them, made from what waits and from entries of the history
 * (ComfyUI's {@code comfy_execution/jobs.py}). What a job does not have is left out.
 */
final class Jobs {
  static final String PENDING = "pending";
  static final String IN_PROGRESS = "in_progress";
  static final String COMPLETED = "completed";
  static final String FAILED = "failed";
  static final String CANCELLED = "cancelled";
  static final List<String> ALL = List.of(PENDING, IN_PROGRESS, COMPLETED, FAILED, CANCELLED);

  private static final Set<String> SHOWN = Set.of("images", "video", "audio", "3d", "text");
  private static final Set<String> SHOWN_ENDINGS =
      Set.of("obj", "fbx", "gltf", "glb", "usdz", "txt", "md", "json");
  private static final int LONGEST_TEXT = 1024;

  private Jobs() {}

  /** One that waits or is run. */
  static JsonObject waiting(QueuedPrompt prompt, String status) {
    JsonObject job =
        Json.object(
            "id",
            prompt.id(),
            "status",
            status,
            "priority",
            Json.number(prompt.number()),
            "create_time",
            prompt.createTime(),
            "outputs_count",
            0,
            "previewable_outputs_count",
            0);
    if (prompt.workflowId() != null) {
      job.addProperty("workflow_id", prompt.workflowId());
    }
    return job;
  }

  /**
   * One that has been run.
   *
   * @param entry of the history: {@code {prompt: [number, id, prompt, extra_data, outputs],
   *     outputs, status}}
   */
  static JsonObject ended(String id, JsonObject entry) {
    JsonArray prompt = entry.getAsJsonArray("prompt");
    JsonObject extra = prompt.get(3).getAsJsonObject();
    JsonObject status = Json.child(entry, "status");
    JsonObject job = new JsonObject();
    job.addProperty("id", id);
    job.addProperty("status", COMPLETED);
    job.add("priority", prompt.get(0));
    job.add("create_time", createTime(extra));
    boolean isCancelled = false;
    if (status.get("messages") instanceof JsonArray messages) {
      for (JsonElement message : messages) {
        isCancelled |= addTimes(job, message.getAsJsonArray());
      }
    }
    if (Json.text(status, "status_str").orElse("").equals("error")) {
      job.addProperty("status", isCancelled ? CANCELLED : FAILED);
    }
    addOutputs(job, Json.child(entry, "outputs"));
    workflowId(extra).ifPresent(workflow -> job.addProperty("workflow_id", workflow));
    return job;
  }

  private static JsonElement createTime(JsonObject extra) {
    return extra.get("create_time") instanceof JsonPrimitive time && time.isNumber()
        ? time
        : new JsonPrimitive(0); // the page rejects a whole list for a job without one
  }

  static Optional<String> workflowId(JsonObject extra) {
    return Json.text(Json.child(Json.child(extra, "extra_pnginfo"), "workflow"), "id");
  }

  /** Whether the message says that the run was interrupted. */
  private static boolean addTimes(JsonObject job, JsonArray message) {
    String event = message.get(0).getAsString();
    JsonObject data = message.get(1).getAsJsonObject();
    switch (event) {
      case "execution_start" -> job.add("execution_start_time", data.get("timestamp"));
      case "execution_success", "execution_interrupted" ->
          job.add("execution_end_time", data.get("timestamp"));
      case "execution_error" -> {
        job.add("execution_end_time", data.get("timestamp"));
        JsonObject error = data.deepCopy();
        error.remove("current_inputs"); // long, and in the entry's own messages
        error.remove("current_outputs");
        job.add("execution_error", error);
      }
      default -> {}
    }
    return event.equals("execution_interrupted");
  }

  /** When a job ended; 0 if it does not say. */
  static long endTime(JsonObject job) {
    return job.get("execution_end_time") instanceof JsonPrimitive time ? time.getAsLong() : 0;
  }

  private static void addOutputs(JsonObject job, JsonObject outputs) {
    int count = 0;
    int shown = 0;
    @Nullable JsonObject[] best = new JsonObject[4]; // saved, other, text file, text
    for (Map.Entry<String, JsonElement> node : outputs.entrySet()) {
      if (!(node.getValue() instanceof JsonObject kinds)) {
        continue;
      }
      for (Map.Entry<String, JsonElement> kind : kinds.entrySet()) {
        if (kind.getKey().equals("animated") || !(kind.getValue() instanceof JsonArray items)) {
          continue;
        }
        for (JsonElement item : items) {
          boolean isFile = item instanceof JsonObject;
          boolean isShown = isFile && isShown(kind.getKey(), item.getAsJsonObject());
          count += isFile ? 1 : 0;
          shown += isShown ? 1 : 0;
          int rank = isFile ? rank(kind.getKey(), item.getAsJsonObject()) : 3;
          boolean isText = !isFile && kind.getKey().equals("text");
          if ((isShown || isText) && best[rank] == null) {
            best[rank] = preview(node.getKey(), kind.getKey(), item);
          }
        }
      }
    }
    job.addProperty("outputs_count", count);
    job.addProperty("previewable_outputs_count", shown);
    for (JsonObject preview : best) {
      if (preview != null) {
        job.add("preview_output", preview);
        return;
      }
    }
  }

  private static int rank(String kind, JsonObject item) {
    if (kind.equals("text") || Set.of("txt", "md", "json").contains(ending(item))) {
      return 2;
    }
    return Json.text(item, "type").orElse("").equals("output") ? 0 : 1;
  }

  private static boolean isShown(String kind, JsonObject item) {
    String format = Json.text(item, "format").orElse("");
    return SHOWN.contains(kind)
        || format.startsWith("video/")
        || format.startsWith("audio/")
        || SHOWN_ENDINGS.contains(ending(item));
  }

  private static String ending(JsonObject item) {
    String name = Json.text(item, "filename").orElse("").toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static JsonObject preview(String node, String kind, JsonElement item) {
    JsonObject preview;
    if (item instanceof JsonObject file) {
      preview = file.deepCopy();
    } else {
      String text = Json.text(item).orElse(item.toString());
      preview = Json.object("content", text);
      if (text.length() > LONGEST_TEXT) {
        preview = Json.object("content", text.substring(0, LONGEST_TEXT), "truncated", true);
      }
    }
    preview.addProperty("nodeId", node);
    if (!preview.has("mediaType")) {
      preview.addProperty("mediaType", kind);
    }
    return preview;
  }

  /** The same with what only the page of one job shows. */
  static JsonObject detailed(JsonObject job, JsonArray item) {
    JsonObject detailed = job.deepCopy();
    detailed.add("workflow", Json.object("prompt", item.get(2), "extra_data", item.get(3)));
    return detailed;
  }

  /** The same for one that has been run. */
  static JsonObject detailed(JsonObject job, JsonObject entry) {
    JsonObject detailed = detailed(job, entry.getAsJsonArray("prompt"));
    detailed.add("outputs", entry.get("outputs"));
    detailed.add("execution_status", entry.get("status"));
    return detailed;
  }
}
