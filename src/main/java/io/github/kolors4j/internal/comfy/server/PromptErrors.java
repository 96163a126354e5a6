package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;

/** ComfyUI's shape of what is wrong with a posted prompt. */
final class PromptErrors {
  private PromptErrors() {}

  /** A 400 that is about no node. */
  static Answer answer(String type, String message, String details) {
    return answer(Answer.BAD_REQUEST, type, message, details);
  }

  static Answer answer(int status, String type, String message, String details) {
    JsonObject error =
        Json.object(
            "type", type, "message", message, "details", details, "extra_info", new JsonObject());
    return Answer.json(status, Json.object("error", error, "node_errors", new JsonObject()));
  }
}
