package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.ValidatedPrompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /prompt}, {@code /interrupt} and {@code /free}. */
final class PromptRoutes {
  /** Keys of other services, which the page may send along: never kept. */
  private static final List<String> SECRETS = List.of("auth_token_comfy_org", "api_key_comfy_org");

  private static final int LONGEST_CLIENT_ID = 128;

  private final PromptQueue queue;
  private final PromptCheck check;
  private final PromptWorker worker;
  private final ClientSockets sockets;

  PromptRoutes(PromptQueue queue, PromptCheck check, PromptWorker worker, ClientSockets sockets) {
    this.queue = queue;
    this.check = check;
    this.worker = worker;
    this.sockets = sockets;
  }

  void addTo(Router router) {
    router
        .get("/prompt", call -> Answer.json(remaining()))
        .post("/prompt", this::post)
        .post("/interrupt", this::interrupt)
        .post("/free", this::free);
  }

  private JsonObject remaining() {
    return Json.object("exec_info", Json.object("queue_remaining", queue.remaining()));
  }

  private Answer post(Call call) throws IOException {
    JsonObject posted = call.jsonObject();
    JsonElement given = posted.get("prompt");
    if (given == null) {
      return PromptErrors.answer("no_prompt", "No prompt provided", "No prompt provided");
    }
    Double number = number(posted);
    String id = id(posted);
    ValidatedPrompt result = check.check(given, partialTargets(posted));
    if (!result.isValid()) {
      return Answer.json(Answer.BAD_REQUEST, result.errorJson());
    }
    JsonObject extra = extraData(posted, call);
    long now = System.currentTimeMillis();
    extra.addProperty("create_time", now);
    JsonArray item = Json.array(0, id, result.prompt(), extra, result.outputs());
    QueuedPrompt queued;
    try {
      queued = queue.put(id, number, Json.isTrue(posted, "front"), now, item);
    } catch (IOException e) {
      return PromptErrors.answer(
          Answer.NO_SPACE, "queue_not_written", "The prompt could not be kept", e.toString());
    }
    sockets.sendStatus();
    return Answer.json(
        Json.object(
            "prompt_id", id,
            "number", Json.number(queued.number()),
            "node_errors", result.nodeErrors()));
  }

  private static @Nullable Double number(JsonObject posted) {
    JsonElement number = posted.get("number");
    if (number == null || number.isJsonNull()) {
      return null;
    }
    try {
      double value = number.getAsJsonPrimitive().getAsDouble();
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (IllegalStateException | NumberFormatException e) {
      // said below
    }
    throw Refusal.with(
        PromptErrors.answer(
            "invalid_number", "number is no number", "the smaller it is, the sooner it is run"));
  }

  /** The client's own, if it has one: as it is compared and kept, to the letter. */
  private static String id(JsonObject posted) {
    JsonElement id = posted.get("prompt_id");
    if (id == null || id.isJsonNull()) {
      return UUID.randomUUID().toString();
    }
    return Json.text(id)
        .filter(PromptRoutes::isCanonicalUuid)
        .orElseThrow(
            () ->
                Refusal.with(
                    PromptErrors.answer(
                        "invalid_prompt_id",
                        "prompt_id must be a valid UUID",
                        "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one")));
  }

  static boolean isCanonicalUuid(String id) {
    return id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }

  private static @Nullable List<String> partialTargets(JsonObject posted) {
    JsonElement wanted = posted.get("partial_execution_targets");
    if (wanted == null || wanted.isJsonNull()) {
      return null;
    }
    List<String> targets = new ArrayList<>();
    if (wanted instanceof JsonArray list) {
      for (JsonElement target : list) {
        if (target instanceof JsonPrimitive id) {
          targets.add(id.getAsString());
        }
      }
      if (targets.size() == list.size()) {
        return targets;
      }
    }
    throw Refusal.with(
        PromptErrors.answer(
            "invalid_partial_execution_targets",
            "partial_execution_targets is no list of node ids",
            "leave it out to run all outputs"));
  }

  private static JsonObject extraData(JsonObject posted, Call call) {
    JsonElement given = posted.get("extra_data");
    if (given != null && !given.isJsonNull() && !(given instanceof JsonObject)) {
      throw Refusal.with(PromptErrors.answer("invalid_extra_data", "extra_data is no object", ""));
    }
    JsonObject extra = given instanceof JsonObject object ? object.deepCopy() : new JsonObject();
    SECRETS.forEach(extra::remove);
    JsonElement clientId = posted.get("client_id");
    if (clientId instanceof JsonPrimitive id && id.getAsString().length() <= LONGEST_CLIENT_ID) {
      extra.addProperty("client_id", id.getAsString());
    } else if (clientId != null && !clientId.isJsonNull()) {
      throw Refusal.with(
          PromptErrors.answer(
              "invalid_client_id", "client_id is no text of up to 128 characters", ""));
    }
    Optional<String> source = call.header("Comfy-Usage-Source");
    if (source.isPresent() && !extra.has("comfy_usage_source")) {
      extra.addProperty("comfy_usage_source", source.get());
    }
    return extra;
  }

  private Answer interrupt(Call call) {
    String id = null;
    byte[] body = call.bytes(Call.MOST_JSON_BYTES);
    if (body.length > 0) {
      // A body that is no JSON interrupts whatever is run, as in ComfyUI.
      JsonElement posted = Call.parse(body).orElse(null);
      JsonElement named = posted instanceof JsonObject object ? object.get("prompt_id") : null;
      id = named == null || named.isJsonNull() ? null : Json.text(named).orElse(named.toString());
    }
    queue.interrupt(id == null || id.isEmpty() ? null : id);
    return Answer.status(Answer.OK);
  }

  private Answer free(Call call) {
    JsonObject wanted = call.jsonObject();
    boolean results = Json.isTrue(wanted, "free_memory");
    boolean models = Json.isTrue(wanted, "unload_models");
    worker.free(models, results);
    return Answer.status(Answer.OK);
  }
}
