package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a prompt of a workflow, as ComfyUI's page (1.58) does when Run is pressed: what a server
 * runs, with all that is only for the eye resolved away.
 */
public final class PromptConversion {
  private final ExecutableNodes nodes;
  private final WidgetValues values;
  private final LinkResolution links;
  private final TextReplacements texts;
  private final RandomGenerator random;

  private PromptConversion(LoadedWorkflow workflow, RandomGenerator random) {
    this.nodes = new ExecutableNodes(workflow);
    this.values = new WidgetValues(nodes);
    this.links = new LinkResolution(nodes, values);
    this.texts = new TextReplacements(nodes, values);
    this.random = random;
  }

  /**
   * Converts a workflow. Where a text offers words to choose from, as {@code {red|blue}} does in
   * nodes that say so, each conversion chooses anew.
   *
   * @param workflow as the page saves it
   * @throws WorkflowException naming the node, if a link leads in a circle or to nothing
   */
  public static JsonObject convert(JsonObject workflow, Declarations declarations) {
    return convert(workflow, declarations, new Random());
  }

  static JsonObject convert(
      JsonObject workflow, Declarations declarations, RandomGenerator random) {
    return new PromptConversion(LoadedWorkflow.of(workflow, declarations), random).prompt();
  }

  private JsonObject prompt() {
    JsonObject prompt = new JsonObject();
    for (ExecutableNode node : inJavaScriptOrder()) {
      GraphNode inGraph = node.node();
      boolean posted =
          inGraph.kind == GraphNode.Kind.DECLARED || inGraph.kind == GraphNode.Kind.UNKNOWN;
      if (posted && !inGraph.isMuted() && !inGraph.isBypassed()) {
        prompt.add(node.id(), posted(node));
      }
    }
    return prompt;
  }

  /** Ids that are whole numbers first, as every object in JavaScript has them. */
  private List<ExecutableNode> inJavaScriptOrder() {
    List<ExecutableNode> ordered = new ArrayList<>(nodes.all());
    ordered.sort(java.util.Comparator.comparingLong(node -> index(node.id())));
    return ordered;
  }

  private static long index(String id) {
    return id.matches("0|[1-9]\\d{0,9}") ? Long.parseLong(id) : Long.MAX_VALUE;
  }

  private JsonObject posted(ExecutableNode node) {
    JsonObject inputs = new JsonObject();
    for (Widget widget : node.node().widgets) {
      if (widget.isPosted()) {
        add(inputs, widget, text(node, widget, values.of(node, widget)));
      }
    }
    for (int i = 0; i < node.node().inputs.size(); i++) {
      String name = node.node().inputs.get(i).name();
      LinkResolution.Source source = links.resolve(node, i);
      if (source instanceof LinkResolution.Output output) {
        JsonArray link = new JsonArray();
        link.add(output.node().id());
        link.add(output.slot());
        inputs.add(name, link);
      } else if (source instanceof LinkResolution.Value value && value.value() != null) {
        inputs.add(name, wrapped(value.value()));
      }
    }
    JsonObject meta = new JsonObject();
    meta.addProperty("title", node.node().title);
    PackIdentity.add(meta, node.node().properties());
    JsonObject posted = new JsonObject();
    posted.add("inputs", inputs);
    posted.addProperty("class_type", node.node().type);
    posted.add("_meta", meta);
    return posted;
  }

  private static void add(JsonObject inputs, Widget widget, @Nullable JsonElement value) {
    if (value == null) {
      return;
    }
    boolean curve = widget.spec() != null && widget.spec().type().equals("CURVE");
    if (curve && !JsonShape.isNull(value)) {
      JsonObject typed = new JsonObject();
      typed.addProperty("__type__", "CURVE");
      typed.add("__value__", value);
      inputs.add(widget.name(), typed);
    } else {
      inputs.add(widget.name(), wrapped(value));
    }
  }

  /** A bare list would be taken for a link. */
  private static JsonElement wrapped(JsonElement value) {
    if (!(value instanceof JsonArray)) {
      return value;
    }
    JsonObject wrapper = new JsonObject();
    wrapper.add("__value__", value);
    return wrapper;
  }

  /** What the page does to some texts at the last moment. */
  private @Nullable JsonElement text(
      ExecutableNode node, Widget widget, @Nullable JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive) || !primitive.isString()) {
      return value;
    }
    if (widget.name().equals("filename_prefix") && TextReplacements.saves(node.node().type)) {
      return new JsonPrimitive(texts.apply(primitive.getAsString()));
    }
    boolean dynamic =
        widget.spec() != null && JsonShape.flag(widget.spec().options(), "dynamicPrompts");
    return dynamic
        ? new JsonPrimitive(DynamicPrompt.choose(primitive.getAsString(), random))
        : primitive;
  }
}
