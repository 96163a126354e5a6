package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets the value of a field in a workflow or a prompt, and leaves everything else as it was. */
public final class WorkflowEdit {
  private final ExecutableNodes nodes;
  private final WidgetValues values;

  private WorkflowEdit(ExecutableNodes nodes) {
    this.nodes = nodes;
    this.values = new WidgetValues(nodes);
  }

  /**
   * A copy with another value.
   *
   * @param json a workflow or a prompt
   * @param where the node's id ({@code 12:3} within a subgraph), title or class
   * @param name of the field
   * @throws WorkflowException if there is no such node or field, there are several such nodes, a
   *     link fills the field, or the value is of another kind or out of range
   */
  public static JsonObject set(
      JsonObject json, Declarations declarations, String where, String name, Object value) {
    JsonObject copy = json.deepCopy();
    Declarations remembered = declarations.remembered();
    if (!WorkflowFile.isWorkflow(copy)) {
      PromptEdit.set(copy, remembered, where, name, value);
      return copy;
    }
    ExecutableNodes nodes = new ExecutableNodes(LoadedWorkflow.of(copy, remembered));
    ExecutableNode node =
        NodeSearch.find(
            where,
            nodes.all(),
            ExecutableNode::id,
            List.of(
                each -> each.node().title,
                each -> each.node().type,
                each -> displayName(each, remembered)));
    new WorkflowEdit(nodes).set(node, name, FieldValue.toJson(value));
    return copy;
  }

  /** What the page calls a node of that class, whatever its title. */
  private static String displayName(ExecutableNode node, Declarations declarations) {
    JsonObject declaration = declarations.declaration(node.node().type);
    return declaration == null ? "" : JsonShape.text(declaration, "display_name", "");
  }

  private void set(ExecutableNode node, String name, JsonElement value) {
    requireUsedOnce(node);
    switch (node.node().kind) {
      case SUBGRAPH -> setShown(node, name, value);
      case DECLARED -> setField(node, name, value);
      case PRIMITIVE ->
          setAt(node.node().json, 0, requireOnly(node, name, "value"), value, List.of());
      case NOTE -> setAt(node.node().json, 0, requireOnly(node, name, "text"), value, List.of());
      case REROUTE -> throw noField(node, name, Set.of());
      case UNKNOWN ->
          throw new WorkflowException(
              "Node %s is of the class %s, which is not known here, and so are its fields."
                  .formatted(node, node.node().type));
    }
  }

  /** What stands in a subgraph stands in each of its uses. */
  private void requireUsedOnce(ExecutableNode node) {
    List<ExecutableNode> uses =
        nodes.all().stream().filter(each -> each.node() == node.node()).toList();
    if (uses.size() > 1) {
      throw new WorkflowException(
          "Node %s is in a subgraph that is used %d times, and its value is the same in all: %s. Show the field on the subgraph's node in the page (Promote widget), and set it there."
              .formatted(
                  node,
                  uses.size(),
                  String.join(", ", uses.stream().map(ExecutableNode::id).toList())));
    }
  }

  private static String requireOnly(ExecutableNode node, String name, String only) {
    if (!name.equals(only)) {
      throw noField(node, name, Set.of(only));
    }
    return name;
  }

  private static WorkflowException noField(ExecutableNode node, String name, Set<String> known) {
    return new WorkflowException(
        "Node %s has no field \"%s\"%s It has %s."
            .formatted(
                node,
                name,
                NearestName.hint(name, known),
                known.isEmpty() ? "none" : String.join(", ", known)));
  }

  private void setField(ExecutableNode node, String name, JsonElement value) {
    List<Widget> widgets = node.node().widgets;
    int index = widgets.stream().map(Widget::name).toList().indexOf(name);
    if (index < 0) {
      throw noField(node, name, NodeWidgets.names(widgets));
    }
    GraphLink link = linkInto(node, name);
    ExecutableNode host = node.host();
    if (link != null && link.fromSubgraphInput() && host != null) {
      set(host, host.node().inputs.get(link.fromSlot()).name(), value);
      return;
    }
    if (link != null) {
      ExecutableNode origin = nodes.find(node.besideId(link.from()));
      throw new WorkflowException(
          "\"%s\" of node %s is filled by a link from node %s; set the value there."
              .formatted(name, node, origin == null ? link.from() : origin));
    }
    InputSpec spec = widgets.get(index).spec();
    JsonElement fitting = spec == null ? value : FieldValue.fitting(value, spec, node.toString());
    List<JsonElement> shown = new ArrayList<>();
    for (Widget widget : widgets) {
      shown.add(widget.value() == null ? JsonNull.INSTANCE : widget.value());
    }
    JsonArray saved = JsonShape.list(node.node().json, NodeWidgets.VALUES);
    if (NodeWidgets.values(node.node().specs, widgets.size(), saved).size() != saved.size()) {
      // It had places for inputs that only take links: all fields are written anew without them.
      node.node().json.remove(NodeWidgets.VALUES);
    }
    setAt(node.node().json, index, name, fitting, shown);
  }

  private static @Nullable GraphLink linkInto(ExecutableNode node, String widget) {
    for (int i = 0; i < node.node().inputs.size(); i++) {
      if (widget.equals(node.node().inputs.get(i).widget())) {
        return node.node().links.get(i);
      }
    }
    return null;
  }

  /** A field of a subgraph's node, which stands for one inside. */
  private void setShown(ExecutableNode host, String name, JsonElement value) {
    JsonArray proxies = JsonShape.list(host.node().properties(), "proxyWidgets");
    for (int i = 0; i < proxies.size(); i++) {
      if (proxies.get(i) instanceof JsonArray pair
          && pair.size() > 1
          && name.equals(JsonShape.text(pair.get(1)))) {
        setAt(host.node().json, i, name, value, List.of());
        return;
      }
    }
    List<JsonElement> shown = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int index = -1;
    for (int slot = 0; slot < host.node().inputs.size(); slot++) {
      GraphNode.Input input = host.node().inputs.get(slot);
      if (input.widget() == null) {
        continue;
      }
      if (name.equals(input.name())) {
        index = names.size();
        if (host.node().links.get(slot) != null) {
          throw new WorkflowException(
              "\"%s\" of node %s is filled by a link; set the value where it comes from."
                  .formatted(name, host));
        }
      }
      names.add(input.name());
      JsonElement current = values.ofHost(host, slot);
      shown.add(current == null ? JsonNull.INSTANCE : current);
    }
    if (index < 0) {
      throw noField(host, name, Set.copyOf(names));
    }
    setAt(host.node().json, index, name, value, shown);
  }

  /**
   * Puts a value into a node's list of values.
   *
   * @param current the values of all fields, where the list is shorter
   */
  private static void setAt(
      JsonObject node, int index, String name, JsonElement value, List<JsonElement> current) {
    if (node.get(NodeWidgets.VALUES) instanceof JsonObject named) {
      // The page takes such values by their order: all of them are given, in the fields' order.
      named.asMap().clear();
      JsonArray list = new JsonArray();
      current.forEach(list::add);
      node.add(NodeWidgets.VALUES, list);
    }
    JsonArray saved = JsonShape.list(node, NodeWidgets.VALUES);
    JsonArray changed = new JsonArray();
    for (int i = 0; i < Math.max(index + 1, Math.max(saved.size(), current.size())); i++) {
      changed.add(
          i == index
              ? value
              : i < current.size()
                  ? current.get(i)
                  : i < saved.size() ? saved.get(i) : JsonNull.INSTANCE);
    }
    node.add(NodeWidgets.VALUES, changed);
    if (node.get(NodeWidgets.NAMED_VALUES) instanceof JsonObject named) {
      named.add(name, value);
    }
  }
}
