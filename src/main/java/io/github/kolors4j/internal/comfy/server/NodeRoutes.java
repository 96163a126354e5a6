package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.NodeDeclaration;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code /object_info}, and the help of a node. */
final class NodeRoutes {
  private final NodeCatalogue catalogue;

  NodeRoutes(NodeCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  void addTo(Router router) {
    router
        .get("/object_info", call -> Answer.json(catalogue.objectInfo()))
        .get("/object_info/{class}", call -> Answer.json(one(call.parameter("class"))))
        .get("/docs/{node}/{locale}", call -> help(call.parameter("node"), call))
        .get("/docs/{node}", call -> help(call.parameter("node").replaceFirst("\\.md$", ""), call))
        .get("/extensions/{pack}/docs/{node}/{locale}", call -> help(call.parameter("node"), call))
        .get(
            "/extensions/{pack}/docs/{node}",
            call -> help(call.parameter("node").replaceFirst("\\.md$", ""), call));
  }

  private JsonObject one(String name) {
    JsonObject info = new JsonObject();
    catalogue
        .find(name)
        .map(Node::declaration)
        .ifPresent(found -> info.add(found.name(), found.toJson(catalogue.folders())));
    return info;
  }

  /** What the page shows beside a node that is asked about, from its declaration. */
  private Answer help(String name, Call call) {
    Optional<NodeDeclaration> node =
        call.path().endsWith(".md")
            ? catalogue.find(name).map(Node::declaration)
            : Optional.empty();
    NodeDeclaration found =
        node.orElseThrow(() -> Refusal.json(Answer.NOT_FOUND, "There is no help of this."));
    StringBuilder text = new StringBuilder();
    text.append("# ").append(found.displayName()).append("\n\n").append(found.description());
    if (!found.inputs().isEmpty()) {
      text.append("\n\n## Inputs\n\n| Input | Type | |\n| --- | --- | --- |\n");
    }
    for (NodeDeclaration.Input input : found.inputs()) {
      if (input.presence() != NodeDeclaration.Presence.HIDDEN) {
        String tooltip = Json.text(input.options(), "tooltip").orElse("");
        text.append("| %s | %s | %s |\n".formatted(input.name(), input.type(), tooltip));
      }
    }
    if (!found.outputs().isEmpty()) {
      text.append("\n\n## Outputs\n\n| Output | Type |\n| --- | --- |\n");
    }
    for (NodeDeclaration.Output output : found.outputs()) {
      text.append("| %s | %s |\n".formatted(output.name(), output.type()));
    }
    return Answer.bytes(
        Answer.OK, ContentTypes.of("help.md"), text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
