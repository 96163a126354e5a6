package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ModelNames;
import java.util.List;

/** A whole model: a folder of models/diffusers in the published layout, or kolors-mini. */
public final class DiffusersLoader implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("DiffusersLoader")
        .displayName("Load Diffusers Model (DEPRECATED)")
        .category("model/loaders")
        .pack("nodes")
        .more("deprecated", true)
        .choice("model_path", ModelNames::diffusersChoices)
        .output("MODEL")
        .output("CLIP")
        .output("VAE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    return WholeModel.load(inputs.text("model_path"), context);
  }
}
