package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.internal.comfy.AppliedLora;
import io.github.kolors4j.internal.comfy.Fingerprint;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.ModelNames;
import io.github.kolors4j.internal.lora.LoraParts;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import java.nio.file.Path;

/**
 * The file that ComfyUI's LoRA loaders name, of whatever strength: its rank stands for an alpha
 * that it does not state.
 */
record NamedLora(Path file, String fingerprint, LoraParts parts) {

  /** Finds the file and looks into it; where its rank is taken, the node says so. */
  static NamedLora find(String name, KolorsModel model, NodeContext context) {
    Path file = new ModelNames(context.folders()).lora(name);
    LoraParts parts = LoraParts.of(file, ModelConfig.read(model.folder()).unet());
    parts
        .missingAlpha()
        .ifPresent(
            rank ->
                context.say(
                    "LoRA 没有 alpha，取它的秩 %.0f。(The LoRA states no alpha: its rank %.0f is taken.)"
                        .formatted(rank, rank)));
    return new NamedLora(file, Fingerprint.of(file), parts);
  }

  /** What tells a named file's content from another. */
  static String changes(String name, NodeContext context) {
    return Fingerprint.of(new ModelNames(context.folders()).lora(name));
  }

  AppliedLora onUNet(double strength) {
    return new AppliedLora(file, fingerprint, true, parts.missingAlpha(), strength);
  }

  AppliedLora onTextEncoder(double strength) {
    return new AppliedLora(file, fingerprint, false, parts.missingAlpha(), strength);
  }
}
