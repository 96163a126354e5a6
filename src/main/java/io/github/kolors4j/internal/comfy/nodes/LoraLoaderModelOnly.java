package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import java.util.List;

/** A LoRA on the UNet. */
public final class LoraLoaderModelOnly implements Node {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return NamedLora.changes(inputs.text("lora_name"), context);
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoraLoaderModelOnly")
        .displayName("Load LoRA")
        .category("model/loaders")
        .pack("nodes")
        .more("essentials_category", "Image Generation")
        .input("model", "MODEL")
        .choice("lora_name", ModelNames::loraChoices)
        .number("strength_model", 1.0, -100.0, 100.0, 0.01)
        .output("MODEL");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    KolorsModel model = inputs.get("model", KolorsModel.class);
    NamedLora lora = NamedLora.find(inputs.text("lora_name"), model, context);
    double strength = inputs.number("strength_model");
    return List.of(strength == 0 ? model : model.with(lora.onUNet(strength)));
  }
}
