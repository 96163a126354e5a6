package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.files.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a node's result depends on, as one text for each node: its kind, its values, what it says of
 * files, and the same of all nodes before it. Equal signatures mean equal results (ComfyUI's {@code
 * CacheKeySetInputSignature}).
 */
final class Signatures {
  private final Map<String, String> byId = new HashMap<>();

  /**
   * @param targets nodes that will be run, which must be whole
   * @param changes what {@link io.github.kolors4j.comfy.Node#changes} says of a node
   */
  Signatures(PromptGraph graph, Set<String> targets, Function<PromptGraph.Box, String> changes) {
    add(graph.inOrder(targets, byId::containsKey), changes);
    for (String id : graph.boxes().keySet()) {
      try {
        add(graph.inOrder(List.of(id), byId::containsKey), changes);
      } catch (WorkflowException e) {
        // Not needed, and broken: what cannot be run has no result.
      }
    }
  }

  private void add(List<PromptGraph.Box> boxes, Function<PromptGraph.Box, String> changes) {
    for (PromptGraph.Box box : boxes) {
      if (byId.containsKey(box.id())) {
        continue;
      }
      StringBuilder text = new StringBuilder();
      text.append(box.type())
          .append('@')
          .append(System.identityHashCode(box.node())) // registered anew: another node
          .append('\n')
          .append(changes.apply(box));
      boolean asksForId =
          box.declaration().inputs().stream()
              .filter(input -> input.presence() == NodeDeclaration.Presence.HIDDEN)
              .anyMatch(input -> input.type().equals("UNIQUE_ID"));
      if (asksForId) {
        text.append('\n').append(box.id());
      }
      Map<String, PromptGraph.Link> links = box.links();
      Map<String, JsonElement> sorted = new TreeMap<>(box.inputs().asMap());
      sorted.forEach(
          (name, value) -> {
            PromptGraph.Link link = links.get(name);
            text.append('\n').append(name.length()).append(':').append(name).append('=');
            if (link == null) {
              text.append(value);
            } else {
              text.append("-> ").append(byId.get(link.source())).append(' ').append(link.slot());
            }
          });
      byId.put(box.id(), Sha256.of(text.toString()));
    }
  }

  String of(String id) {
    return String.valueOf(byId.get(id));
  }

  Map<String, String> all() {
    return byId;
  }
}
