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
import java.util.OptionalDouble;

/**
 * The course's node: a LoRA on the UNet, with the alpha that it was trained with for its full
 * effect.
 */
public final class LoadKolorsLoRA implements Node {
  @Override
  public String changes(NodeInputs inputs, NodeContext context) {
    String path = inputs.text("lora_path").strip();
    return path.isEmpty() ? "" : Fingerprint.of(new ModelNames(context.folders()).lora(path));
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LoadKolorsLoRA")
        .displayName("Load Kolors LoRA")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .input("kolors_model", "KOLORSMODEL")
        .text("lora_path", "")
        .number("lora_alpha", 2.0, 0.0, 4.0, 0.01)
        .output("KOLORSMODEL", "kolors_model");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    KolorsModel model = inputs.get("kolors_model", KolorsModel.class);
    String path = inputs.text("lora_path").strip();
    if (path.isEmpty()) {
      context.say("没有填 lora_path，不加 LoRA。(lora_path is empty: no LoRA is added.)");
      return List.of(model);
    }
    Path file = new ModelNames(context.folders()).lora(path);
    if (!file.endsWith(path) && !file.equals(Path.of(path))) {
      context.say("LoRA: " + file);
    }
    if (LoraParts.of(file, ModelConfig.read(model.folder()).unet()).textEncoder()) {
      context.say(
          "LoRA 里文本编码器的部分没有用上。(Of the LoRA only the UNet's part is added: this node has no text encoder.)");
    }
    return List.of(
        model.with(
            new AppliedLora(
                file,
                Fingerprint.of(file),
                true,
                OptionalDouble.of(inputs.number("lora_alpha")),
                1)));
  }
}
