package io.github.kolors4j.internal.juicer;

import io.github.kolors4j.juicer.RecipeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What PyYAML's {@code safe_load} does with a document's nodes: tags, and keys {@code <<}. */
public final class YamlNodes {
  private static final Set<Tag> KNOWN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ, Tag.TIMESTAMP);

  private YamlNodes() {}

  /**
   * Refuses tags that would make anything but texts, numbers, lists and mappings. Every node is
   * visited once, however often others refer to it.
   *
   * @param places what can tell where a node stands
   */
  static void requireKnownTags(Node root, Function<Node, YamlValue> places) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      Node node = waiting.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (!KNOWN.contains(node.getTag())) {
        throw places.apply(node).error(unknownTag(node));
      }
      if (node instanceof SequenceNode sequence) {
        sequence.getValue().forEach(waiting::push);
      } else if (node instanceof MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
          Node key = entry.getKeyNode();
          if (!key.getTag().equals(Tag.MERGE) && !key.getTag().equals(YamlScalars.VALUE)) {
            waiting.push(key);
          }
          waiting.push(entry.getValueNode());
        }
      }
    }
  }

  private static String unknownTag(Node node) {
    if (node.getTag().equals(Tag.MERGE) || node.getTag().equals(YamlScalars.VALUE)) {
      return "%s has a meaning of its own in YAML; write '%s' in quotes for the text."
          .formatted(((ScalarNode) node).getValue(), ((ScalarNode) node).getValue());
    }
    return "the tag is not allowed: " + node.getTag().getValue() + " would make an object.";
  }

  /**
   * A mapping's entries, those of the mappings under its keys {@code <<} first. Its own take the
   * place of merged ones, and of several merged ones the first counts.
   *
   * @throws RecipeException if one of its own keys is there twice, or what is merged is no mapping
   */
  static Map<String, Node> merged(MappingNode mapping, Function<Node, YamlValue> places) {
    return merged(mapping, places, new IdentityHashMap<>());
  }

  /** {@code known} has what is merged already, and null for those that are being merged. */
  private static Map<String, Node> merged(
      MappingNode mapping,
      Function<Node, YamlValue> places,
      Map<MappingNode, Map<String, Node>> known) {
    if (known.containsKey(mapping)) {
      Map<String, Node> entries = known.get(mapping);
      if (entries == null) {
        throw places.apply(mapping).error("a mapping cannot be merged (<<) into itself.");
      }
      return entries;
    }
    known.put(mapping, null);
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
        for (MappingNode other : mappings(entry.getValueNode(), places)) {
          merged(other, places, known).forEach(entries::putIfAbsent);
        }
      }
    }
    Set<String> own = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (!key.getTag().equals(Tag.MERGE)) {
        String name = places.apply(key).text("a name");
        if (!own.add(name)) {
          throw places.apply(key).error("\"" + name + "\" is there twice.");
        }
        entries.put(name, entry.getValueNode());
      }
    }
    known.put(mapping, entries);
    return entries;
  }

  private static List<MappingNode> mappings(Node value, Function<Node, YamlValue> places) {
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    List<MappingNode> mappings = new ArrayList<>();
    for (Node node : nodes) {
      if (!(node instanceof MappingNode mapping)) {
        throw places.apply(node).error("<< must name a mapping (*name), or a list of some.");
      }
      mappings.add(mapping);
    }
    return mappings;
  }
}
