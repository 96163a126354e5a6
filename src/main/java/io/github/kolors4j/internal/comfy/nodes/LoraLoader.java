package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.AppliedLora;
import io.github.kolors4j.internal.comfy.Fingerprint;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import io.github.kolors4j.internal.lora.LoraParts;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/** A LoRA on the UNet and on the text encoder, as far as its file has something for each. */
public final class LoraLoader implements Node {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return Fingerprint.of(new ModelNames(context.folders()).lora(inputs.text("lora_name")));
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoraLoader")
        .displayName("Load LoRA (Model and CLIP)")
        .category("model/loaders")
        .pack("nodes")
        .more("essentials_category", "Image Generation")
        .input("model", "MODEL")
        .input("clip", "CLIP")
        .choice("lora_name", ModelNames::loraChoices)
        .number("strength_model", 1.0, -100.0, 100.0, 0.01)
        .number("strength_clip", 1.0, -100.0, 100.0, 0.01)
        .output("MODEL")
        .output("CLIP");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    KolorsModel model = inputs.get("model", KolorsModel.class);
    TextModel clip = inputs.get("clip", TextModel.class);
    Path file = new ModelNames(context.folders()).lora(inputs.text("lora_name"));
    double onModel = inputs.number("strength_model");
    double onClip = inputs.number("strength_clip");
    String fingerprint = Fingerprint.of(file);
    LoraParts parts = LoraParts.of(file, ModelConfig.read(model.folder()).unet());
    parts
        .missingAlpha()
        .ifPresent(
            rank ->
                context.say(
                    "LoRA 没有 alpha，取它的秩 %.0f。(The LoRA states no alpha: its rank %.0f is taken.)"
                        .formatted(rank, rank)));
    if (parts.unet() && onModel != 0) {
      model = model.with(new AppliedLora(file, fingerprint, true, parts.missingAlpha(), onModel));
    }
    if (parts.textEncoder() && onClip != 0) {
      clip = clip.with(new AppliedLora(file, fingerprint, false, parts.missingAlpha(), onClip));
    }
    return List.of(model, clip);
  }
}
