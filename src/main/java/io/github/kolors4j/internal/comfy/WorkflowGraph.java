package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One level of a workflow: the graph that is seen first, or the inside of a subgraph. */
final class WorkflowGraph {
  /** What a page can still show. */
  static final int MOST_NODES = 20_000;

  private static final int MOST_LINKS = 10 * MOST_NODES;

  final JsonObject json;

  /** For errors: empty, or the name of the subgraph. */
  final String place;

  final Map<String, GraphNode> nodes = new LinkedHashMap<>();
  private final Map<String, GraphLink> links = new LinkedHashMap<>();

  private WorkflowGraph(JsonObject json, String place) {
    this.json = json;
    this.place = place;
  }

  /**
   * Reads a level.
   *
   * @param makes a node of its JSON
   * @throws WorkflowException if there are too many nodes, or what should be nodes is none
   */
  static WorkflowGraph parse(JsonObject json, String place, NodeMaking makes) {
    WorkflowGraph graph = new WorkflowGraph(json, place);
    JsonArray nodes = JsonShape.list(json, "nodes");
    JsonArray links = JsonShape.list(json, "links");
    if (nodes.size() > MOST_NODES || links.size() > MOST_LINKS) {
      throw new WorkflowException(
          "The workflow has more than %,d nodes or %,d links%s."
              .formatted(MOST_NODES, MOST_LINKS, place));
    }
    for (int i = 0; i < nodes.size(); i++) {
      String id = nodes.get(i) instanceof JsonObject node ? JsonShape.text(node.get("id")) : null;
      if (id == null || JsonShape.text(nodes.get(i).getAsJsonObject().get("type")) == null) {
        throw new WorkflowException(
            "nodes[%d]%s is no node: it has no id or no type.".formatted(i, place));
      }
      if (graph.nodes.put(id, makes.node(id, nodes.get(i).getAsJsonObject(), graph)) != null) {
        throw new WorkflowException(
            "Two nodes%s have the id %s; save the workflow again in ComfyUI's page."
                .formatted(place, id));
      }
    }
    graph.readLinks(links);
    for (GraphNode node : graph.nodes.values()) {
      graph.nameLinks(node);
    }
    graph.placeOtherLinks();
    return graph;
  }

  /** Makes a node of a level. */
  @FunctionalInterface
  interface NodeMaking {
    GraphNode node(String id, JsonObject json, WorkflowGraph graph);
  }

  /** Of two links into one place the one counts that the node knows of, or else the first. */
  private void readLinks(JsonArray json) {
    Set<String> known = new HashSet<>();
    for (GraphNode node : nodes.values()) {
      for (JsonObject input : JsonShape.objects(node.json, "inputs")) {
        known.add(JsonShape.text(input, "link", ""));
      }
    }
    Map<String, GraphLink> byTarget = new LinkedHashMap<>();
    for (JsonElement element : json) {
      GraphLink link = GraphLink.parse(element);
      if (link == null) {
        continue;
      }
      GraphLink rival = byTarget.putIfAbsent(link.to() + ":" + link.toSlot(), link);
      if (rival != null && known.contains(link.id()) && !known.contains(rival.id())) {
        byTarget.put(link.to() + ":" + link.toSlot(), link);
      }
    }
    byTarget.values().forEach(link -> links.putIfAbsent(link.id(), link));
  }

  /** A link's place is that of the input of the same name; declarations may have changed since. */
  private void nameLinks(GraphNode node) {
    for (JsonObject saved : JsonShape.objects(node.json, "inputs")) {
      GraphLink link = links.get(JsonShape.text(saved, "link", ""));
      if (link == null || !link.to().equals(node.id)) {
        continue;
      }
      String name = JsonShape.text(saved, "name", "");
      int slot = link.toSlot();
      if (slot >= node.inputs.size() || !node.inputs.get(slot).name().equals(name)) {
        slot = node.inputs.stream().map(GraphNode.Input::name).toList().indexOf(name);
      }
      if (slot >= 0 && node.links.get(slot) == null) {
        node.links.set(slot, link);
      }
    }
  }

  /** Links that no input knows of enter where they say. */
  private void placeOtherLinks() {
    Set<String> placed = new HashSet<>();
    for (GraphNode node : nodes.values()) {
      for (GraphLink link : node.links) {
        if (link != null) {
          placed.add(link.id());
        }
      }
    }
    for (GraphLink link : links.values()) {
      GraphNode target = nodes.get(link.to());
      if (target != null
          && !placed.contains(link.id())
          && link.toSlot() < target.links.size()
          && target.links.get(link.toSlot()) == null) {
        target.links.set(link.toSlot(), link);
      }
    }
  }

  /** Where the links that leave an output enter: nodes by their inputs. */
  List<Map.Entry<GraphNode, Integer>> targets(GraphNode from, int slot) {
    List<Map.Entry<GraphNode, Integer>> targets = new ArrayList<>();
    for (GraphNode node : nodes.values()) {
      for (int i = 0; i < node.links.size(); i++) {
        GraphLink link = node.links.get(i);
        if (link != null && link.from().equals(from.id) && link.fromSlot() == slot) {
          targets.add(Map.entry(node, i));
        }
      }
    }
    return targets;
  }

  /** Which inputs of nodes stand for an input of the subgraph, in the order of its links. */
  List<Map.Entry<GraphNode, Integer>> targetsOfInput(int slot) {
    Map<String, Map.Entry<GraphNode, Integer>> byLink = new LinkedHashMap<>();
    for (GraphNode node : nodes.values()) {
      for (int i = 0; i < node.links.size(); i++) {
        GraphLink link = node.links.get(i);
        if (link != null && link.fromSubgraphInput() && link.fromSlot() == slot) {
          byLink.put(link.id(), Map.entry(node, i));
        }
      }
    }
    List<Map.Entry<GraphNode, Integer>> targets = new ArrayList<>();
    for (String id : linkIds("inputs", slot)) {
      Map.Entry<GraphNode, Integer> target = byLink.remove(id);
      if (target != null) {
        targets.add(target);
      }
    }
    targets.addAll(byLink.values());
    return targets;
  }

  /** What leaves the subgraph by one of its outputs, or null. */
  @Nullable GraphLink linkOfOutput(int slot) {
    for (String id : linkIds("outputs", slot)) {
      GraphLink link = links.get(id);
      if (link != null) {
        return link;
      }
    }
    return null;
  }

  private List<String> linkIds(String side, int slot) {
    List<JsonObject> slots = JsonShape.objects(json, side);
    List<String> ids = new ArrayList<>();
    if (slot < slots.size()) {
      JsonShape.list(slots.get(slot), "linkIds")
          .forEach(id -> ids.add(JsonShape.javaScriptText(id)));
    }
    return ids;
  }
}
