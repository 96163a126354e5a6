package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.AppliedLora;
import io.github.kolors4j.internal.comfy.Fingerprint;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.lora.LoraParts;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/** A LoRA on the UNet. */
public final class LoraLoaderModelOnly implements Node {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return Fingerprint.of(new ModelNames(context.folders()).lora(inputs.text("lora_name")));
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
    Path file = new ModelNames(context.folders()).lora(inputs.text("lora_name"));
    double strength = inputs.number("strength_model");
    LoraParts parts = LoraParts.of(file, ModelConfig.read(model.folder()).unet());
    parts
        .missingAlpha()
        .ifPresent(
            rank ->
                context.say(
                    "LoRA 没有 alpha，取它的秩 %.0f。(The LoRA states no alpha: its rank %.0f is taken.)"
                        .formatted(rank, rank)));
    return List.of(
        strength == 0
            ? model
            : model.with(
                new AppliedLora(file, Fingerprint.of(file), true, parts.missingAlpha(), strength)));
  }
}
