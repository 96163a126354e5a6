package io.github.kolors4j.internal.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.juicer.RecipeException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
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
import org.yaml.snakeyaml.representer.Representer;

/**
 * A value in a YAML file that knows the line where it stands. It is what Python's PyYAML makes of
 * it ({@link YamlScalars}, {@link YamlNodes}); no tag makes an object.
 */
public final class YamlValue {
  /** Of collections. A recipe of a thousand operators may refer to one a thousand times. */
  private static final int MOST_ALIASES = 10_000;

  private final String source;
  private final Node node;

  private YamlValue(String source, Node node) {
    this.source = source;
    this.node = node;
  }

  /** Reads a whole file's text; {@code source} is its name in messages. */
  public static YamlValue parse(String source, String yaml) {
    try {
      Node root = yaml().compose(new StringReader(yaml));
      if (root == null) {
        throw new RecipeException(source + " is empty.");
      }
      YamlNodes.requireKnownTags(root, node -> new YamlValue(source, node));
      return new YamlValue(source, root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      String problem = e.getProblem().replace("\\t(TAB)", "\\t (a tab)");
      String remedy = problem.contains("tab)") ? " Indent with blanks, not with tabs." : "";
      throw new RecipeException(
          source + ", line " + line + ": this is not YAML: " + problem + "." + remedy, e);
    } catch (YAMLException e) {
      throw new RecipeException(source + " is not YAML: " + e.getMessage(), e);
    }
  }

  private static Yaml yaml() {
    LoaderOptions loading = new LoaderOptions();
    loading.setCodePointLimit(1 << 20);
    loading.setMaxAliasesForCollections(MOST_ALIASES);
    DumperOptions dumping = new DumperOptions();
    dumping.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    dumping.setAllowUnicode(true);
    dumping.setSplitLines(false);
    return new Yaml(
        new SafeConstructor(loading),
        new Representer(dumping),
        dumping,
        loading,
        new YamlScalars());
  }

  /** Maps, lists, texts, numbers and truth values as YAML. */
  public static String dump(Object value) {
    return yaml().dump(value);
  }

  /** Values by their keys as YAML. */
  public static String dump(Map<String, YamlValue> keys) {
    List<NodeTuple> entries = new ArrayList<>();
    keys.forEach(
        (key, value) ->
            entries.add(
                new NodeTuple(
                    new ScalarNode(Tag.STR, key, null, null, DumperOptions.ScalarStyle.PLAIN),
                    value.node)));
    StringWriter out = new StringWriter();
    yaml().serialize(new MappingNode(Tag.MAP, entries, DumperOptions.FlowStyle.BLOCK), out);
    return out.toString();
  }

  /** Line of the file, counted from 1. */
  int line() {
    return node.getStartMark().getLine() + 1;
  }

  /** An exception that names file and line. */
  public RecipeException error(String message) {
    return new RecipeException(source + ", line " + line() + ": " + message);
  }

  public boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  public boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  /** The entries of a mapping in their order, with those that it merges; none for null. */
  public Map<String, YamlValue> mapping(String what) {
    if (isNull()) {
      return new LinkedHashMap<>();
    }
    if (!(node instanceof MappingNode mapping)) {
      throw error(what + " must be a list of \"name: value\" lines.");
    }
    Map<String, YamlValue> entries = new LinkedHashMap<>();
    YamlNodes.merged(mapping, at -> new YamlValue(source, at))
        .forEach((key, value) -> entries.put(key, new YamlValue(source, value)));
    return entries;
  }

  public List<YamlValue> list(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw error(what + " must be a list (lines that start with \"- \").");
    }
    List<YamlValue> values = new ArrayList<>();
    sequence.getValue().forEach(item -> values.add(new YamlValue(source, item)));
    return values;
  }

  public String text(String what) {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw error(what + " must be a text.");
    }
    return scalar.getValue();
  }

  /** A text, a number, a truth value or null, as JSON has them. */
  public JsonElement json(String what) {
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

  /** A whole number, be it written as 1000.0. */
  public long integer(String what) {
    String text = isNull() || !(node instanceof ScalarNode) ? "" : text(what);
    try {
      if (node.getTag().equals(Tag.INT)) {
        BigInteger whole = YamlScalars.whole(text);
        if (whole.bitLength() > 63) {
          throw error(what + " is " + text + ", which is too large.");
        }
        return whole.longValue();
      }
    } catch (NumberFormatException e) {
      throw error(what + " must be a whole number, not \"" + text + "\".");
    }
    OptionalDouble number = number(text);
    if (number.isPresent()) {
      double decimal = number.getAsDouble();
      if (Double.isInfinite(decimal)) {
        return decimal > 0 ? Long.MAX_VALUE : Long.MIN_VALUE; // a bound that nothing breaks
      }
      if (decimal == Math.rint(decimal) && Math.abs(decimal) < 1L << 53) {
        return (long) decimal;
      }
    }
    throw error(what + " must be a whole number, not \"" + text + "\".");
  }

  /** A number, be it written as 1e3; infinite ones too. */
  public double decimal(String what) {
    String text = isNull() || !(node instanceof ScalarNode) ? "" : text(what);
    try {
      if (node.getTag().equals(Tag.INT)) {
        return YamlScalars.whole(text).doubleValue();
      }
    } catch (NumberFormatException e) {
      throw error(what + " must be a number, not \"" + text + "\".");
    }
    OptionalDouble number = number(text);
    if (number.isEmpty() || Double.isNaN(number.getAsDouble())) {
      throw error(what + " must be a number, not \"" + text + "\".");
    }
    return number.getAsDouble();
  }

  private OptionalDouble number(String text) {
    try {
      if (node.getTag().equals(Tag.FLOAT)) {
        return OptionalDouble.of(YamlScalars.decimal(text));
      }
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
    boolean isPlain = node instanceof ScalarNode scalar && scalar.isPlain();
    return isPlain && node.getTag().equals(Tag.STR)
        ? YamlScalars.wanted(text)
        : OptionalDouble.empty();
  }

  public boolean isTrue(String what) {
    if (!node.getTag().equals(Tag.BOOL)) {
      throw error(what + " must be true or false.");
    }
    return List.of("true", "yes", "on").contains(text(what).toLowerCase(Locale.ROOT));
  }
}
