package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.VaeModel;
import java.util.List;

/** An autoencoder from models/vae. */
public final class VAELoader implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("VAELoader")
        .displayName("Load VAE")
        .category("model/loaders")
        .pack("nodes")
        .choice("vae_name", ModelNames::vaeChoices)
        .output("VAE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    ModelNames.Found found =
        new ModelNames(context.folders()).vae(inputs.text("vae_name")).said(context);
    return List.of(new VaeModel(found.folder(), found.standIn()));
  }
}
