package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.comfy.TextModel;
import java.util.List;

/** A LoRA on the UNet and on the text encoder, as far as its file has something for each. */
public final class LoraLoader implements Node {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    return NamedLora.changes(inputs.text("lora_name"), context);
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
    NamedLora lora = NamedLora.find(inputs.text("lora_name"), model, context);
    double onModel = inputs.number("strength_model");
    double onClip = inputs.number("strength_clip");
    if (lora.parts().unet() && onModel != 0) {
      model = model.with(lora.onUNet(onModel));
    }
    if (lora.parts().textEncoder() && onClip != 0) {
      clip = clip.with(lora.onTextEncoder(onClip));
    }
    return List.of(model, clip);
  }
}
