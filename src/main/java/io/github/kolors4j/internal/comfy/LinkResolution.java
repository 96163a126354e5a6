package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a link back to what it comes from in the end: through reroutes, through bypassed nodes,
 * in and out of subgraphs. It goes step by step, so that no length of a chain is too long for the
 * stack.
 */
final class LinkResolution {
  private final ExecutableNodes nodes;
  private final WidgetValues values;

  LinkResolution(ExecutableNodes nodes, WidgetValues values) {
    this.nodes = nodes;
    this.values = values;
  }

  /** What fills an input: an output of a node, or a value of a subgraph's field. */
  sealed interface Source permits Output, Value {}

  /** An output of a node that is in the prompt. */
  record Output(ExecutableNode node, int slot) implements Source {}

  /** A value. */
  record Value(@Nullable JsonElement value) implements Source {}

  /** Where the walk is: at an input or an output of a node, on the way for an input of a type. */
  private record Place(ExecutableNode node, boolean atInput, int slot, @Nullable String type) {}

  /**
   * What fills an input of a node.
   *
   * @return null if nothing does
   * @throws WorkflowException if the links lead in a circle, or to a node that is not there
   */
  @Nullable Source resolve(ExecutableNode node, int input) {
    Place place = new Place(node, true, input, null);
    Set<String> visited = new HashSet<>();
    while (true) {
      ExecutableNode at = place.node();
      if (!visited.add(at.id() + (place.atInput() ? ">" : "<") + place.slot())) {
        throw new WorkflowException(
            "The link into \"%s\" of node %s leads in a circle through node %s."
                .formatted(name(node, input), node, at));
      }
      if (!place.atInput() && isRunning(at)) {
        return new Output(at, place.slot());
      }
      Object next = place.atInput() ? fromInput(place, node, input) : fromOutput(place);
      if (!(next instanceof Place further)) {
        return (Source) next;
      }
      place = further;
    }
  }

  private static boolean isRunning(ExecutableNode node) {
    GraphNode.Kind kind = node.node().kind;
    return (kind == GraphNode.Kind.DECLARED || kind == GraphNode.Kind.UNKNOWN)
        && !node.node().isMuted()
        && !node.node().isBypassed();
  }

  private static String name(ExecutableNode node, int input) {
    return node.node().inputs.get(input).name();
  }

  /** The next place, or a value, or null. */
  private @Nullable Object fromInput(Place place, ExecutableNode first, int input) {
    ExecutableNode at = place.node();
    if (place.slot() >= at.node().links.size()) {
      return null;
    }
    GraphLink link = at.node().links.get(place.slot());
    if (link == null) {
      return null;
    }
    ExecutableNode host = at.host();
    if (host != null && link.fromSubgraphInput()) {
      if (link.fromSlot() >= host.node().inputs.size()) {
        throw missing(first, input, "input " + link.fromSlot() + " of the subgraph " + host);
      }
      if (host.node().links.get(link.fromSlot()) != null) {
        return new Place(host, true, link.fromSlot(), null);
      }
      return host.node().inputs.get(link.fromSlot()).widget() == null
          ? null
          : new Value(values.ofHost(host, link.fromSlot()));
    }
    ExecutableNode origin = nodes.find(at.besideId(link.from()));
    if (origin == null) {
      throw missing(first, input, "node " + at.besideId(link.from()));
    }
    String type = place.type() != null ? place.type() : at.node().inputs.get(place.slot()).type();
    return new Place(origin, false, link.fromSlot(), type);
  }

  private static WorkflowException missing(ExecutableNode node, int input, String what) {
    return new WorkflowException(
        "The link into \"%s\" of node %s comes from %s, which is not there; connect the input again or disconnect it."
            .formatted(name(node, input), node, what));
  }

  private @Nullable Place fromOutput(Place place) {
    ExecutableNode at = place.node();
    String type = place.type() == null ? "*" : place.type();
    if (at.node().isMuted()) {
      return null;
    }
    if (at.node().isBypassed()) {
      int way = wayThrough(at.node(), place.slot(), type);
      return way < 0 ? null : new Place(at, true, way, null);
    }
    return switch (at.node().kind) {
      case REROUTE -> new Place(at, true, place.slot(), type);
      case SUBGRAPH -> intoSubgraph(at, place.slot(), type);
      default -> null;
    };
  }

  private @Nullable Place intoSubgraph(ExecutableNode host, int slot, String type) {
    GraphLink link = nodes.inside(host).linkOfOutput(slot);
    if (link == null) {
      return null;
    }
    if (link.fromSubgraphInput()) {
      return new Place(host, true, link.fromSlot(), type);
    }
    ExecutableNode inner = nodes.find(host.insideId(link.from()));
    if (inner == null) {
      throw new WorkflowException(
          "Output %d of the subgraph %s comes from its node %s, which is not there."
              .formatted(slot, host, link.from()));
    }
    return new Place(inner, false, link.fromSlot(), type);
  }

  /**
   * The input that a bypassed node gives on at an output: the one at the same place if its type
   * fits, then the first of exactly the type that is wanted, then the first that fits; -1 for none.
   */
  private static int wayThrough(GraphNode node, int slot, String wanted) {
    List<GraphNode.Input> inputs = node.inputs;
    if (isAny(wanted)) {
      return inputs.isEmpty() ? -1 : inputs.size() > slot ? slot : 0;
    }
    String given = slot < node.outputTypes.size() ? node.outputTypes.get(slot) : "*";
    if (slot < inputs.size() && fits(inputs.get(slot).type(), given, wanted)) {
      return slot;
    }
    int exact = inputs.stream().map(GraphNode.Input::type).toList().indexOf(wanted);
    if (exact >= 0) {
      return exact;
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (fits(inputs.get(i).type(), given, wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean fits(String input, String given, String wanted) {
    return connects(input, given) && connects(input, wanted);
  }

  /** Types are written in either case, several parted by commas. */
  private static boolean connects(String one, String other) {
    if (isAny(one) || isAny(other)) {
      return true;
    }
    for (String a : one.toLowerCase(java.util.Locale.ROOT).split(",", -1)) {
      for (String b : other.toLowerCase(java.util.Locale.ROOT).split(",", -1)) {
        if (a.equals(b) || isAny(a) || isAny(b)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAny(String type) {
    return type.isEmpty() || type.equals("*") || type.equals("0");
  }
}
