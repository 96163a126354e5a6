package io.github.kolors4j.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a node takes and gives, and how the page draws it. Immutable: each method returns a longer
 * declaration.
 *
 * <pre>{@code
 * NodeDeclaration.of("Blur").category("image").input("image", "IMAGE")
 *     .integer("radius", 3, 1, 64, 1).output("IMAGE")
 * }</pre>
 *
 * @param name by which graphs know it, ComfyUI's {@code class_type}
 * @param displayName what the page writes on it
 * @param category where the page's menu has it, levels parted by {@code /}
 * @param description a sentence for the page's help
 * @param inputs in the order in which the page shows them
 * @param outputs in their order
 * @param outputNode whether it is a reason to run a graph, as one that saves or shows a picture
 * @param pack who brings it, ComfyUI's {@code python_module}
 * @param more what else {@code object_info} says of it, such as {@code deprecated}
 */
public record NodeDeclaration(
    String name,
    String displayName,
    String category,
    String description,
    List<Input> inputs,
    List<Output> outputs,
    boolean outputNode,
    String pack,
    JsonObject more) {

  /** Whether a graph has to give an input, may give it, or never sees it. */
  public enum Presence {
    REQUIRED,
    OPTIONAL,
    HIDDEN;

    /** The name in {@code object_info}. */
    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * An input.
   *
   * @param name of the input
   * @param presence whether it must be given
   * @param type such as {@code IMAGE}, {@code INT} or, with choices, {@code COMBO}
   * @param choices what can be chosen, from what is on disk at that moment; null if it is no choice
   * @param options {@code default}, {@code min}, {@code max}, {@code step}, {@code multiline} and
   *     what else ComfyUI knows, in order
   */
  public record Input(
      String name,
      Presence presence,
      String type,
      @Nullable Function<ComfyFolders, List<String>> choices,
      JsonObject options) {

    /** The value where a graph gives none, or null. */
    public @Nullable JsonElement defaultValue() {
      return options.get("default");
    }

    private JsonElement toJson(ComfyFolders folders) {
      if (presence == Presence.HIDDEN) {
        return new JsonPrimitive(type);
      }
      JsonArray json = new JsonArray();
      if (choices == null) {
        json.add(type);
      } else {
        JsonArray offered = new JsonArray();
        choices.apply(folders).forEach(offered::add);
        json.add(offered);
      }
      if (options.size() > 0) {
        json.add(options.deepCopy());
      }
      return json;
    }
  }

  /**
   * An output.
   *
   * @param type such as {@code IMAGE}
   * @param name what the page writes beside it
   * @param list whether its value is a list, of which the nodes behind it take one after the other
   */
  public record Output(String type, String name, boolean list) {}

  /** Copies the lists. */
  public NodeDeclaration {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** A node without inputs and outputs. */
  public static NodeDeclaration of(String name) {
    return new NodeDeclaration(
        name, name, "", "", List.of(), List.of(), false, "custom_nodes.kolors4j", new JsonObject());
  }

  /** What the page writes on it. */
  public NodeDeclaration displayName(String displayName) {
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, outputNode, pack, more);
  }

  /** Where the page's menu has it. */
  public NodeDeclaration category(String category) {
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, outputNode, pack, more);
  }

  /** A sentence for the page's help. */
  public NodeDeclaration description(String description) {
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, outputNode, pack, more);
  }

  /** Who brings it, ComfyUI's {@code python_module}. */
  public NodeDeclaration pack(String pack) {
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, outputNode, pack, more);
  }

  /** Says more about the node, such as {@code deprecated}. */
  public NodeDeclaration more(String key, Object value) {
    JsonObject longer = more.deepCopy();
    longer.add(key, primitive(value));
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, outputNode, pack, longer);
  }

  /** A graph is run for this node's sake. */
  public NodeDeclaration asOutputNode() {
    return new NodeDeclaration(
        name, displayName, category, description, inputs, outputs, true, pack, more);
  }

  /** An input that a link gives, of any type. */
  public NodeDeclaration input(String name, String type) {
    return with(new Input(name, Presence.REQUIRED, type, null, new JsonObject()));
  }

  /** A whole number. */
  public NodeDeclaration integer(
      String name, Number standard, Number min, Number max, Number step) {
    return number(name, "INT", standard, min, max).option("step", step);
  }

  /** A whole number in any steps. */
  public NodeDeclaration integer(String name, Number standard, Number min, Number max) {
    return number(name, "INT", standard, min, max);
  }

  /** A number with a fraction. */
  public NodeDeclaration number(String name, double standard, double min, double max, double step) {
    return number(name, "FLOAT", standard, min, max).option("step", step);
  }

  private NodeDeclaration number(
      String name, String type, Number standard, Number min, Number max) {
    return input(name, type).option("default", standard).option("min", min).option("max", max);
  }

  /** A line of text. */
  public NodeDeclaration text(String name, String standard) {
    return input(name, "STRING").option("default", standard);
  }

  /** A field of text. */
  public NodeDeclaration multilineText(String name, String standard) {
    return input(name, "STRING").option("multiline", true).option("default", standard);
  }

  /** Yes or no. */
  public NodeDeclaration flag(String name, boolean standard) {
    return input(name, "BOOLEAN").option("default", standard);
  }

  /** One of several. */
  public NodeDeclaration choice(String name, List<String> choices) {
    List<String> copy = List.copyOf(choices);
    return choice(name, folders -> copy);
  }

  /**
   * One of those that there are at the moment.
   *
   * @param choices from what is on disk
   */
  public NodeDeclaration choice(String name, Function<ComfyFolders, List<String>> choices) {
    return with(new Input(name, Presence.REQUIRED, "COMBO", choices, new JsonObject()));
  }

  /** What the server knows and a graph does not say: {@code PROMPT}, {@code EXTRA_PNGINFO}. */
  public NodeDeclaration hidden(String name, String type) {
    return with(new Input(name, Presence.HIDDEN, type, null, new JsonObject()));
  }

  /** Makes the input that was declared last one that a graph may leave out. */
  public NodeDeclaration optional() {
    Input last = last();
    return replaceLast(
        new Input(last.name, Presence.OPTIONAL, last.type, last.choices, last.options));
  }

  /**
   * Says more about the input that was declared last: {@code tooltip}, {@code display}, {@code
   * control_after_generate} and what else the page knows.
   *
   * @param value a String, Boolean or Number
   */
  public NodeDeclaration option(String key, Object value) {
    Input last = last();
    JsonObject options = last.options.deepCopy();
    options.add(key, primitive(value));
    return replaceLast(new Input(last.name, last.presence, last.type, last.choices, options));
  }

  private static JsonPrimitive primitive(Object value) {
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    return new JsonPrimitive(value.toString());
  }

  private Input last() {
    if (inputs.isEmpty()) {
      throw new IllegalStateException(
          "The node %s has no input yet that this could be said of.".formatted(name));
    }
    return inputs.get(inputs.size() - 1);
  }

  private NodeDeclaration replaceLast(Input input) {
    List<Input> changed = new ArrayList<>(inputs);
    changed.set(changed.size() - 1, input);
    return withInputs(changed);
  }

  private NodeDeclaration with(Input input) {
    List<Input> longer = new ArrayList<>(inputs);
    longer.add(input);
    return withInputs(longer);
  }

  private NodeDeclaration withInputs(List<Input> changed) {
    return new NodeDeclaration(
        name, displayName, category, description, changed, outputs, outputNode, pack, more);
  }

  /** An output that is called as its type. */
  public NodeDeclaration output(String type) {
    return output(type, type);
  }

  /** An output. */
  public NodeDeclaration output(String type, String outputName) {
    List<Output> longer = new ArrayList<>(outputs);
    longer.add(new Output(type, outputName, false));
    return new NodeDeclaration(
        name, displayName, category, description, inputs, longer, outputNode, pack, more);
  }

  /** An output of a list, of which the nodes behind it take one value after the other. */
  public NodeDeclaration listOutput(String type, String outputName) {
    NodeDeclaration longer = output(type, outputName);
    List<Output> changed = new ArrayList<>(longer.outputs);
    changed.set(changed.size() - 1, new Output(type, outputName, true));
    return new NodeDeclaration(
        name, displayName, category, description, inputs, changed, outputNode, pack, more);
  }

  /** ComfyUI's {@code object_info} of the node, with the choices of this moment. */
  public JsonObject toJson(ComfyFolders folders) {
    JsonObject input = new JsonObject();
    JsonObject order = new JsonObject();
    for (Presence presence : Presence.values()) {
      JsonObject described = new JsonObject();
      JsonArray names = new JsonArray();
      for (Input declared : inputs) {
        if (declared.presence == presence) {
          described.add(declared.name, declared.toJson(folders));
          names.add(declared.name);
        }
      }
      if (!names.isEmpty() || presence == Presence.REQUIRED) {
        input.add(presence.key(), described);
        order.add(presence.key(), names);
      }
    }
    JsonArray types = new JsonArray();
    JsonArray lists = new JsonArray();
    JsonArray names = new JsonArray();
    for (Output output : outputs) {
      types.add(output.type);
      lists.add(output.list);
      names.add(output.name);
    }
    JsonObject json = new JsonObject();
    json.add("input", input);
    json.add("input_order", order);
    json.addProperty("is_input_list", false);
    json.add("output", types);
    json.add("output_is_list", lists);
    json.add("output_name", names);
    json.addProperty("name", name);
    json.addProperty("display_name", displayName);
    json.addProperty("description", description);
    json.addProperty("python_module", pack);
    json.addProperty("category", category);
    json.addProperty("output_node", outputNode);
    json.addProperty("has_intermediate_output", false);
    json.add("search_aliases", new JsonArray());
    more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
    return json;
  }
}
