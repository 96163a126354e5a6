package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A prompt as nodes and links. */
final class PromptGraph {

  /**
   * One node of it.
   *
   * @param node what does its work
   * @param declaration as it is at the moment
   * @param inputs links and values, as the prompt has them
   */
  record Box(String id, String type, Node node, NodeDeclaration declaration, JsonObject inputs) {

    /** The links among the inputs, by name. */
    Map<String, Link> links() {
      Map<String, Link> links = new LinkedHashMap<>();
      inputs
          .entrySet()
          .forEach(
              input -> {
                if (isLink(input.getValue())) {
                  JsonArray pair = input.getValue().getAsJsonArray();
                  links.put(
                      input.getKey(), new Link(pair.get(0).getAsString(), pair.get(1).getAsInt()));
                }
              });
      return links;
    }
  }

  /** Where a value comes from: an output of a node. */
  record Link(String source, int slot) {}

  private final Map<String, Box> boxes = new LinkedHashMap<>();

  /**
   * @throws WorkflowException if a node is of no known kind
   */
  PromptGraph(JsonObject prompt, NodeCatalogue catalogue) {
    for (Map.Entry<String, JsonElement> entry : prompt.entrySet()) {
      JsonObject described = entry.getValue().getAsJsonObject();
      String type = described.get("class_type").getAsString();
      Node node =
          catalogue
              .find(type)
              .orElseThrow(
                  () ->
                      new WorkflowException(
                          "There is no node '%s', which #%s is.".formatted(type, entry.getKey())));
      boxes.put(
          entry.getKey(),
          new Box(
              entry.getKey(),
              type,
              node,
              node.declaration(),
              described.has("inputs") ? described.getAsJsonObject("inputs") : new JsonObject()));
    }
  }

  /** Whether a value of an input is a link: the id of a node, and the number of an output. */
  static boolean isLink(JsonElement value) {
    return value.isJsonArray()
        && value.getAsJsonArray().size() == 2
        && value.getAsJsonArray().get(0).isJsonPrimitive()
        && value.getAsJsonArray().get(0).getAsJsonPrimitive().isString()
        && value.getAsJsonArray().get(1).isJsonPrimitive()
        && value.getAsJsonArray().get(1).getAsJsonPrimitive().isNumber();
  }

  Map<String, Box> boxes() {
    return boxes;
  }

  /**
   * @throws WorkflowException if there is no such node
   */
  Box box(String id) {
    Box box = boxes.get(id);
    if (box == null) {
      throw new WorkflowException("The prompt has no node #%s.".formatted(id));
    }
    return box;
  }

  /**
   * All that some nodes need, each after what it needs itself, and the nodes.
   *
   * @param isKnown nodes whose results are known; what these need is not asked for
   * @throws WorkflowException if nodes need each other in a circle
   */
  List<Box> inOrder(Iterable<String> targets, Predicate<String> isKnown) {
    List<Box> order = new ArrayList<>();
    Set<String> done = new HashSet<>();
    Set<String> begun = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(); // not by recursion: a chain may be long
    for (String target : targets) {
      open.push(target);
      while (!open.isEmpty()) {
        String id = open.peek();
        if (done.contains(id)) {
          open.pop();
        } else if (begun.add(id)) {
          if (!isKnown.test(id)) {
            for (Link link : box(id).links().values()) {
              if (begun.contains(link.source()) && !done.contains(link.source())) {
                throw new WorkflowException(
                    "The nodes #%s and #%s need each other.".formatted(id, link.source()));
              }
              open.push(link.source());
            }
          }
        } else {
          open.pop();
          done.add(id);
          order.add(box(id));
        }
      }
    }
    return order;
  }
}
