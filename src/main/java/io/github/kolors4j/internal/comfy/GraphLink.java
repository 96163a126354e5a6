package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A link of a workflow, which version 0.4 writes as {@code [id, from, fromSlot, to, toSlot, type]}
 * and version 1, like every subgraph, as an object.
 *
 * @param id of the link
 * @param from the node whose output it leaves; {@link #SUBGRAPH_INPUT} for the inputs of the
 *     subgraph around it
 * @param to the node whose input it enters; {@code -20} for the subgraph's outputs
 */
record GraphLink(String id, String from, int fromSlot, String to, int toSlot) {
  static final String SUBGRAPH_INPUT = "-10";

  /** Null if it is no link. */
  static @Nullable GraphLink parse(JsonElement json) {
    if (json instanceof JsonArray list && list.size() >= 5) {
      return of(list.get(0), list.get(1), list.get(2), list.get(3), list.get(4));
    }
    if (json instanceof JsonObject object) {
      return of(
          object.get("id"),
          object.get("origin_id"),
          object.get("origin_slot"),
          object.get("target_id"),
          object.get("target_slot"));
    }
    return null;
  }

  private static @Nullable GraphLink of(
      @Nullable JsonElement id,
      @Nullable JsonElement from,
      @Nullable JsonElement fromSlot,
      @Nullable JsonElement to,
      @Nullable JsonElement toSlot) {
    String link = JsonShape.text(id);
    String origin = JsonShape.text(from);
    String target = JsonShape.text(to);
    int output = JsonShape.integer(fromSlot, -1);
    int input = JsonShape.integer(toSlot, -1);
    return link == null || origin == null || target == null || output < 0 || input < 0
        ? null
        : new GraphLink(link, origin, output, target, input);
  }

  boolean fromSubgraphInput() {
    return from.equals(SUBGRAPH_INPUT);
  }
}
