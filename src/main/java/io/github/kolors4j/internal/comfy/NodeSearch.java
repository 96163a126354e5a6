package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the node that a person means: by its id, its title or its class. */
final class NodeSearch {
  private NodeSearch() {}

  /**
   * The one node of a name.
   *
   * @param nodes all that there are
   * @param id of a node
   * @param names by which it may be called, the more telling first: a title, then a class
   * @throws WorkflowException if there is none, or there are several
   */
  static <T> T find(
      String where, Collection<T> nodes, Function<T, String> id, List<Function<T, String>> names) {
    List<Function<T, String>> ways = new ArrayList<>(List.of(id));
    ways.addAll(names);
    for (Function<T, String> way : ways) {
      List<T> found = nodes.stream().filter(node -> where.equals(way.apply(node))).toList();
      if (found.size() == 1) {
        return found.get(0);
      }
      if (found.size() > 1) {
        throw new WorkflowException(
            "%d nodes are called \"%s\"; name one by its id: %s."
                .formatted(
                    found.size(), where, found.stream().map(id).collect(Collectors.joining(", "))));
      }
    }
    Set<String> known = new LinkedHashSet<>();
    nodes.forEach(node -> names.forEach(way -> known.add(way.apply(node))));
    throw new WorkflowException(
        "No node has the id, title or class \"%s\"%s There are %s."
            .formatted(
                where,
                NearestName.hint(where, known),
                nodes.stream()
                    .map(node -> id.apply(node) + " " + names.get(0).apply(node))
                    .limit(50)
                    .collect(Collectors.joining(", "))));
  }
}
