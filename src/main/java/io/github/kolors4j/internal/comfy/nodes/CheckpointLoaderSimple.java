package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import io.github.kolors4j.internal.comfy.VaeModel;
import java.util.List;

/** A whole model: a folder of models/diffusers in the published layout, or kolors-mini. */
public final class CheckpointLoaderSimple implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("CheckpointLoaderSimple")
        .displayName("Load Checkpoint")
        .category("model/loaders")
        .pack("nodes")
        .choice("ckpt_name", ModelNames::diffusersChoices)
        .output("MODEL")
        .output("CLIP")
        .output("VAE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    ModelNames.Found found = new ModelNames(context.folders()).kolors(inputs.text("ckpt_name"));
    if (!found.word().isEmpty()) {
      context.say(found.word());
    }
    return List.of(
        new KolorsModel(found.folder(), found.standIn(), List.of()),
        new TextModel(found.folder(), found.standIn(), "auto", List.of()),
        new VaeModel(found.folder(), found.standIn()));
  }
}
