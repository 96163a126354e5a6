package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.WorkflowException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All nodes of a workflow with the subgraphs opened, each as often as it is used. */
final class ExecutableNodes {
  private final LoadedWorkflow workflow;
  private final Map<String, ExecutableNode> byId = new LinkedHashMap<>();

  ExecutableNodes(LoadedWorkflow workflow) {
    this.workflow = workflow;
    open(workflow.root, null);
  }

  /** What is muted or bypassed at the top is not opened: nothing in it runs. */
  private void open(WorkflowGraph graph, @Nullable ExecutableNode host) {
    for (GraphNode node : graph.nodes.values()) {
      String id = host == null ? node.id : host.insideId(node.id);
      ExecutableNode executable = new ExecutableNode(id, node, graph, host);
      if (byId.put(id, executable) != null) {
        throw new WorkflowException(
            "Two nodes have the id %s; save the workflow again in ComfyUI's page.".formatted(id));
      }
      if (byId.size() > WorkflowGraph.MOST_NODES) {
        throw new WorkflowException(
            "The workflow has more than %,d nodes when its subgraphs are opened."
                .formatted(WorkflowGraph.MOST_NODES));
      }
      boolean skipped = host == null && (node.isMuted() || node.isBypassed());
      if (node.kind == GraphNode.Kind.SUBGRAPH && !skipped) {
        open(workflow.inside(node), executable);
      }
    }
  }

  Collection<ExecutableNode> all() {
    return byId.values();
  }

  @Nullable ExecutableNode find(String id) {
    return byId.get(id);
  }

  WorkflowGraph inside(ExecutableNode host) {
    return workflow.inside(host.node());
  }
}
