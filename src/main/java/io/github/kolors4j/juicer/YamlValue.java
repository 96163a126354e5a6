package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value in a YAML file that knows the line where it stands. No YAML tag makes an object. */
final class YamlValue {
  private final String source;
  private final Node node;

  private YamlValue(String source, Node node) {
    this.source = source;
    this.node = node;
  }

  /** Reads a whole file's text; {@code source} is its name in messages. */
  static YamlValue parse(String source, String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(1 << 20);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(yaml));
      if (root == null) {
        throw new RecipeException(source + " is empty.");
      }
      return new YamlValue(source, root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new RecipeException(
          source + ", line " + line + ": this is not YAML: " + e.getProblem() + ".", e);
    } catch (YAMLException e) {
      throw new RecipeException(source + " is not YAML: " + e.getMessage(), e);
    }
  }

  /** Values by their keys as YAML. */
  static String dump(Map<String, YamlValue> keys) {
    List<NodeTuple> entries = new ArrayList<>();
    keys.forEach(
        (key, value) ->
            entries.add(
                new NodeTuple(
                    new ScalarNode(Tag.STR, key, null, null, DumperOptions.ScalarStyle.PLAIN),
                    value.node)));
    DumperOptions options = new DumperOptions();
    options.setAllowUnicode(true);
    options.setSplitLines(false);
    StringWriter out = new StringWriter();
    new Yaml(options)
        .serialize(new MappingNode(Tag.MAP, entries, DumperOptions.FlowStyle.BLOCK), out);
    return out.toString();
  }

  /** Line of the file, counted from 1. */
  int line() {
    return node.getStartMark().getLine() + 1;
  }

  /** An exception that names file and line. */
  RecipeException error(String message) {
    return new RecipeException(source + ", line " + line() + ": " + message);
  }

  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** The entries of a mapping in their order; none for null. */
  Map<String, YamlValue> mapping(String what) {
    Map<String, YamlValue> entries = new LinkedHashMap<>();
    if (isNull()) {
      return entries;
    }
    if (!(node instanceof MappingNode mapping)) {
      throw error(what + " must be a list of \"name: value\" lines.");
    }
    for (NodeTuple entry : mapping.getValue()) {
      YamlValue key = new YamlValue(source, entry.getKeyNode());
      // An empty value has no place of its own worth naming: the key's line is the one to look at.
      YamlValue value = new YamlValue(source, entry.getValueNode());
      if (entries.put(key.text(what), value) != null) {
        throw key.error("\"" + key.text(what) + "\" is there twice.");
      }
    }
    return entries;
  }

  List<YamlValue> list(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw error(what + " must be a list (lines that start with \"- \").");
    }
    List<YamlValue> values = new ArrayList<>();
    sequence.getValue().forEach(item -> values.add(new YamlValue(source, item)));
    return values;
  }

  String text(String what) {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw error(what + " must be a text.");
    }
    return scalar.getValue();
  }

  /** A text, a number, a truth value or null, as JSON has them. */
  JsonElement json(String what) {
    if (isNull()) {
      return JsonNull.INSTANCE;
    }
    if (node.getTag().equals(Tag.INT)) {
      return new JsonPrimitive(integer(what));
    }
    if (node.getTag().equals(Tag.FLOAT)) {
      return new JsonPrimitive(decimal(what));
    }
    return node.getTag().equals(Tag.BOOL)
        ? new JsonPrimitive(isTrue(what))
        : new JsonPrimitive(text(what));
  }

  long integer(String what) {
    String text = text(what);
    try {
      if (node.getTag().equals(Tag.INT)) {
        return Long.decode(text.replace("_", ""));
      }
    } catch (NumberFormatException e) {
      throw error(what + " is " + text + ", which is too large.");
    }
    throw error(what + " must be a whole number, not \"" + text + "\".");
  }

  double decimal(String what) {
    String text = text(what);
    try {
      if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
        return Double.parseDouble(text.replace("_", ""));
      }
    } catch (NumberFormatException e) {
      // falls through: .inf and .nan make no sense as bounds
    }
    throw error(what + " must be a number, not \"" + text + "\".");
  }

  boolean isTrue(String what) {
    if (!node.getTag().equals(Tag.BOOL)) {
      throw error(what + " must be true or false.");
    }
    return List.of("true", "yes", "on").contains(text(what).toLowerCase(Locale.ROOT));
  }
}
