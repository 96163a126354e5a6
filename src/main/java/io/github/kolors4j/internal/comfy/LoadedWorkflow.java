package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow with its subgraphs, each node of which is made complete by its declaration: fields
 * with their values and defaults, inputs in the declaration's order.
 */
final class LoadedWorkflow {
  private static final Map<String, GraphNode.Kind> OF_THE_PAGE =
      Map.of(
          "Reroute", GraphNode.Kind.REROUTE,
          "PrimitiveNode", GraphNode.Kind.PRIMITIVE,
          "Note", GraphNode.Kind.NOTE,
          "MarkdownNote", GraphNode.Kind.NOTE);

  private static final int DEEPEST = 50;

  final WorkflowGraph root;
  private final Declarations declarations;
  private final Map<String, JsonObject> definitions = new HashMap<>();
  private final Map<String, WorkflowGraph> subgraphs = new HashMap<>();
  private final Set<String> opened = new LinkedHashSet<>();

  private LoadedWorkflow(JsonObject json, Declarations declarations) {
    this.declarations = declarations.remembered();
    collectDefinitions(json, 0);
    this.root = WorkflowGraph.parse(json, "", this::node);
  }

  /**
   * Reads a workflow.
   *
   * @throws WorkflowException if what should be nodes is none, or a subgraph holds itself
   */
  static LoadedWorkflow of(JsonObject json, Declarations declarations) {
    return new LoadedWorkflow(json, declarations);
  }

  /** Some pages write them all at the top, others where they are used. */
  private void collectDefinitions(JsonObject json, int depth) {
    for (JsonObject definition :
        JsonShape.objects(JsonShape.object(json, "definitions"), "subgraphs")) {
      String id = JsonShape.text(definition.get("id"));
      if (id != null && depth < ComfyJson.DEEPEST) {
        definitions.putIfAbsent(id, definition);
        collectDefinitions(definition, depth + 1);
      }
    }
  }

  /** The inside of a node that stands for a subgraph. */
  WorkflowGraph inside(GraphNode node) {
    return subgraph(node.type);
  }

  private WorkflowGraph subgraph(String id) {
    WorkflowGraph known = subgraphs.get(id);
    if (known != null) {
      return known;
    }
    JsonObject definition = definitions.getOrDefault(id, new JsonObject());
    String name = JsonShape.text(definition, "name", id);
    if (!opened.add(id)) {
      throw new WorkflowException("The subgraph \"" + name + "\" holds itself.");
    }
    if (opened.size() > DEEPEST) {
      throw new WorkflowException(
          "There are more than %d subgraphs in each other.".formatted(DEEPEST));
    }
    WorkflowGraph graph =
        WorkflowGraph.parse(definition, " in the subgraph \"" + name + "\"", this::node);
    opened.remove(id);
    subgraphs.put(id, graph);
    return graph;
  }

  private GraphNode node(String id, JsonObject json, WorkflowGraph graph) {
    String type = JsonShape.text(json, "type", "");
    if (definitions.containsKey(type)) {
      return subgraphNode(id, type, json);
    }
    GraphNode.Kind kind = OF_THE_PAGE.get(type);
    if (kind != null) {
      return plain(id, kind, json);
    }
    JsonObject declaration = declarations.declaration(type);
    if (declaration != null) {
      return declared(id, json, declaration);
    }
    if (type.startsWith("workflow>") || type.startsWith("workflow/")) {
      throw new WorkflowException(
          "Node %s%s is a group node of ComfyUI's earlier pages. Open the workflow in the page, which makes a subgraph of it, and save it again."
              .formatted(id, graph.place));
    }
    return plain(id, GraphNode.Kind.UNKNOWN, json);
  }

  /** A node of which there is only what the file says. */
  private static GraphNode plain(String id, GraphNode.Kind kind, JsonObject json) {
    List<GraphNode.Input> inputs = new ArrayList<>();
    for (JsonObject input : JsonShape.objects(json, "inputs")) {
      inputs.add(
          new GraphNode.Input(
              JsonShape.text(input, "name", ""), JsonShape.text(input, "type", "*"), null));
    }
    if (kind == GraphNode.Kind.REROUTE && inputs.isEmpty()) {
      inputs.add(new GraphNode.Input("", "*", null));
    }
    List<Widget> widgets = new ArrayList<>();
    if (kind == GraphNode.Kind.PRIMITIVE) {
      for (JsonElement value : JsonShape.list(json, NodeWidgets.VALUES)) {
        widgets.add(new Widget("value", null, value));
      }
    }
    return new GraphNode(
        id,
        kind,
        title(json, kind == GraphNode.Kind.UNKNOWN ? JsonShape.text(json, "type", "") : ""),
        json,
        inputs,
        outputTypes(json, List.of()),
        widgets,
        List.of());
  }

  private static GraphNode declared(String id, JsonObject json, JsonObject declaration) {
    List<InputSpec> specs = InputSpec.of(declaration);
    List<Widget> widgets = NodeWidgets.of(specs, json);
    List<GraphNode.Input> inputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (InputSpec spec : specs) {
      if (!spec.hasWidget()) {
        inputs.add(new GraphNode.Input(spec.name(), spec.type(), null));
        names.add(spec.name());
      }
    }
    for (InputSpec spec : specs) {
      if (spec.hasWidget()) {
        names.add(spec.name());
        if (!JsonShape.flag(spec.options(), "socketless")) {
          inputs.add(new GraphNode.Input(spec.name(), spec.type(), spec.name()));
        }
      }
    }
    for (JsonObject input : JsonShape.objects(json, "inputs")) {
      String name = JsonShape.text(input, "name", "");
      boolean ofField = input.get("widget") instanceof JsonObject;
      if (!ofField && !names.contains(name)) {
        inputs.add(new GraphNode.Input(name, JsonShape.text(input, "type", "*"), null));
      }
    }
    List<String> outputs = new ArrayList<>();
    for (JsonElement type : JsonShape.list(declaration, "output")) {
      outputs.add(type.isJsonPrimitive() ? type.getAsString() : InputSpec.COMBO);
    }
    String name = JsonShape.text(declaration, "name", JsonShape.text(json, "type", ""));
    String shown = JsonShape.text(declaration, "display_name", "");
    return new GraphNode(
        id,
        GraphNode.Kind.DECLARED,
        title(json, shown.isEmpty() ? name : shown),
        json,
        inputs,
        outputTypes(json, outputs),
        widgets,
        specs);
  }

  private GraphNode subgraphNode(String id, String type, JsonObject json) {
    WorkflowGraph inside = subgraph(type);
    List<GraphNode.Input> inputs = new ArrayList<>();
    List<JsonObject> slots = JsonShape.objects(inside.json, "inputs");
    for (int i = 0; i < slots.size(); i++) {
      String name = JsonShape.text(slots.get(i), "name", "");
      String slotType = JsonShape.text(slots.get(i), "type", "*");
      inputs.add(new GraphNode.Input(name, slotType, promoted(inside, i) == null ? null : name));
    }
    List<String> outputs = new ArrayList<>();
    for (JsonObject slot : JsonShape.objects(inside.json, "outputs")) {
      outputs.add(JsonShape.text(slot, "type", "*"));
    }
    return new GraphNode(
        id,
        GraphNode.Kind.SUBGRAPH,
        title(json, JsonShape.text(inside.json, "name", "")),
        json,
        inputs,
        outputs,
        List.of(),
        List.of());
  }

  /**
   * The field inside a subgraph that one of its inputs stands for.
   *
   * @return the node and its input; null if the input is for links only
   */
  static Map.@Nullable Entry<GraphNode, Integer> promoted(WorkflowGraph inside, int slot) {
    for (Map.Entry<GraphNode, Integer> target : inside.targetsOfInput(slot)) {
      if (target.getKey().inputs.get(target.getValue()).widget() != null) {
        return target;
      }
    }
    return null;
  }

  private static String title(JsonObject json, String otherwise) {
    String title = JsonShape.text(json, "title", "");
    return title.isEmpty() ? otherwise : title;
  }

  /** The declaration's, then what the file has more. */
  private static List<String> outputTypes(JsonObject json, List<String> declared) {
    List<String> types = new ArrayList<>(declared);
    List<JsonObject> saved = JsonShape.objects(json, "outputs");
    for (int i = declared.size(); i < saved.size(); i++) {
      types.add(JsonShape.text(saved.get(i), "type", "*"));
    }
    return types;
  }
}
