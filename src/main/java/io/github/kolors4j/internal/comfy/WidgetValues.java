package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of all fields at a run: those of the nodes, those that a subgraph's node shows in
 * place of fields inside it, and those that primitive nodes write into others.
 */
final class WidgetValues {
  private final ExecutableNodes nodes;

  /** Values that replace a node's own: by node id and name of the field. */
  private final Map<String, JsonElement> replaced = new HashMap<>();

  /** The same for the fields of subgraphs' nodes: by node id and input. */
  private final Map<String, JsonElement> replacedOfHosts = new HashMap<>();

  WidgetValues(ExecutableNodes nodes) {
    this.nodes = nodes;
    for (ExecutableNode node : nodes.all()) {
      if (node.node().kind == GraphNode.Kind.SUBGRAPH) {
        readProxies(node);
      }
    }
    PrimitiveValues primitives = new PrimitiveValues(nodes, this);
    for (ExecutableNode node : nodes.all()) {
      if (node.node().kind == GraphNode.Kind.PRIMITIVE) {
        primitives.write(node);
      }
    }
  }

  void replace(ExecutableNode node, String widget, JsonElement value) {
    replaced.put(key(node, widget), value);
  }

  private static String key(ExecutableNode node, String widget) {
    return node.id() + "\n" + widget;
  }

  /** The value of a field of a node. */
  @Nullable JsonElement of(ExecutableNode node, Widget widget) {
    JsonElement other = replaced.get(key(node, widget.name()));
    return other != null ? other : widget.value();
  }

  /** What was written into a field from elsewhere, or null. */
  @Nullable JsonElement replacement(ExecutableNode node, String widget) {
    return replaced.get(key(node, widget));
  }

  /** The value that a subgraph's node shows at one of its inputs. */
  @Nullable JsonElement ofHost(ExecutableNode host, int input) {
    ExecutableNode at = host;
    int slot = input;
    while (true) {
      JsonElement own = ownOfHost(at, slot);
      if (own != null) {
        return own;
      }
      Map.Entry<GraphNode, Integer> inner = LoadedWorkflow.promoted(nodes.inside(at), slot);
      ExecutableNode next = inner == null ? null : nodes.find(at.insideId(inner.getKey().id));
      if (inner == null || next == null) {
        return null;
      }
      if (next.node().kind != GraphNode.Kind.SUBGRAPH) {
        String name = next.node().inputs.get(inner.getValue()).widget();
        Widget widget = name == null ? null : next.node().widget(name);
        return widget == null ? null : widget.value();
      }
      at = next;
      slot = inner.getValue();
    }
  }

  /** Its own values stand in a list, one for each input that is a field. */
  private @Nullable JsonElement ownOfHost(ExecutableNode host, int input) {
    JsonElement other = replacedOfHosts.get(key(host, "" + input));
    if (other != null) {
      return other;
    }
    JsonElement kept = keptAside(host.node(), host.node().inputs.get(input).name());
    if (kept != null) {
      return kept;
    }
    int index = 0;
    for (int i = 0; i < input; i++) {
      index += host.node().inputs.get(i).widget() == null ? 0 : 1;
    }
    JsonArray values = JsonShape.list(host.node().json, NodeWidgets.VALUES);
    return index < values.size() ? values.get(index) : null;
  }

  /** Pages keep aside what they could not make sense of in a file of an earlier page. */
  private static @Nullable JsonElement keptAside(GraphNode host, String name) {
    for (JsonObject entry : JsonShape.objects(host.properties(), "proxyWidgetErrorQuarantine")) {
      JsonArray original = JsonShape.list(entry, "originalEntry");
      boolean same =
          original.size() > 1
              && "-1".equals(JsonShape.text(original.get(0)))
              && name.equals(JsonShape.text(original.get(1)));
      if (same && entry.has("hostValue")) {
        return entry.get("hostValue");
      }
    }
    return null;
  }

  /**
   * Pages of 2025 named the fields that a subgraph's node shows in {@code proxyWidgets}: pairs of
   * an inner node and its field, their values in {@code widgets_values}.
   */
  private void readProxies(ExecutableNode host) {
    JsonArray values = JsonShape.list(host.node().json, NodeWidgets.VALUES);
    JsonArray proxies = JsonShape.list(host.node().properties(), "proxyWidgets");
    for (int i = 0; i < Math.min(values.size(), proxies.size()); i++) {
      if (!(proxies.get(i) instanceof JsonArray pair) || pair.size() < 2) {
        continue;
      }
      String id = JsonShape.javaScriptText(pair.get(0));
      String widget =
          JsonShape.javaScriptText(pair.get(1)).replaceFirst("^(\\s*\\d+\\s*:\\s*)+", "");
      ExecutableNode inner = nodes.find(host.insideId(id));
      if (inner != null) {
        writeProxy(host, inner, widget, values.get(i));
      }
    }
  }

  private void writeProxy(
      ExecutableNode host, ExecutableNode inner, String widget, JsonElement value) {
    List<GraphNode.Input> shown = host.node().inputs;
    for (int slot = 0; slot < shown.size(); slot++) {
      Map.Entry<GraphNode, Integer> target = LoadedWorkflow.promoted(nodes.inside(host), slot);
      if (target != null
          && target.getKey() == inner.node()
          && widget.equals(inner.node().inputs.get(target.getValue()).widget())) {
        replacedOfHosts.put(key(host, "" + slot), value);
        return;
      }
    }
    if (inner.node().kind != GraphNode.Kind.SUBGRAPH) {
      replace(inner, widget, value);
      return;
    }
    for (int slot = 0; slot < inner.node().inputs.size(); slot++) {
      if (widget.equals(inner.node().inputs.get(slot).widget())) {
        replacedOfHosts.put(key(inner, "" + slot), value);
        return;
      }
    }
  }
}
