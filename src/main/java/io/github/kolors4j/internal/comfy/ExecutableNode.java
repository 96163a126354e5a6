package io.github.kolors4j.internal.comfy;

import org.jspecify.annotations.Nullable;

/**
 * A node as a run sees it: one in a subgraph stands once for each node that uses the subgraph.
 *
 * @param id of the prompt: {@code 12:3} for node 3 in the subgraph that node 12 stands for
 * @param node in its graph
 * @param graph the level that the node is on
 * @param host the node that stands for the subgraph around it; null at the top
 */
record ExecutableNode(
    String id, GraphNode node, WorkflowGraph graph, @Nullable ExecutableNode host) {

  /** The id of another node of the same level. */
  String besideId(String other) {
    return host == null ? other : host.id + ":" + other;
  }

  String insideId(String inner) {
    return id + ":" + inner;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExecutableNode node && node.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** For errors. */
  @Override
  public String toString() {
    return id + " (" + (node.title.isEmpty() ? node.type : node.title) + ")";
  }
}
