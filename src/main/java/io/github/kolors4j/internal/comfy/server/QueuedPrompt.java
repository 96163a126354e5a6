package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that waits or is run: what the queue has to know of it. All else is in its file.
 *
 * @param id the prompt's
 * @param number the smaller, the sooner
 * @param sequence the order of those with the same number
 * @param createTime when it came, in milliseconds since 1970
 * @param clientId who hears how it is run; null if nobody
 * @param workflowId of the graph that it was made from; null if it says none
 */
record QueuedPrompt(
    String id,
    double number,
    long sequence,
    long createTime,
    @Nullable String clientId,
    @Nullable String workflowId)
    implements Comparable<QueuedPrompt> {

  QueuedPrompt at(double otherNumber, long otherSequence) {
    return new QueuedPrompt(id, otherNumber, otherSequence, createTime, clientId, workflowId);
  }

  @Override
  public int compareTo(QueuedPrompt other) {
    int byNumber = Double.compare(number + 0.0, other.number + 0.0); // -0.0 is 0
    return byNumber != 0 ? byNumber : Long.compare(sequence, other.sequence);
  }

  JsonObject toJson() {
    return Json.object(
        "id", id,
        "number", Json.number(number),
        "sequence", sequence,
        "create_time", createTime,
        "client_id", clientId,
        "workflow_id", workflowId);
  }

  /** Reads what {@link #toJson} wrote; fails as Gson does if it is something else. */
  static QueuedPrompt of(JsonObject json) {
    return new QueuedPrompt(
        json.get("id").getAsString(),
        json.get("number").getAsDouble(),
        json.get("sequence").getAsLong(),
        json.get("create_time").getAsLong(),
        Json.text(json, "client_id").orElse(null),
        Json.text(json, "workflow_id").orElse(null));
  }
}
