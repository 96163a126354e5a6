package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.Interpolation;
import io.github.kolors4j.internal.comfy.ResizedLatent;
import java.util.List;

/** Latents larger or smaller by a factor. */
public final class LatentUpscaleBy implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LatentUpscaleBy")
        .displayName("Upscale Latent By")
        .category("model/latent")
        .pack("nodes")
        .input("samples", "LATENT")
        .choice(
            "upscale_method", List.of("nearest-exact", "bilinear", "area", "bicubic", "bislerp"))
        .number("scale_by", 1.5, 0.01, 8.0, 0.01)
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent latent = inputs.latent("samples");
    double scale = inputs.number("scale_by");
    return List.of(
        ResizedLatent.of(
            latent,
            Interpolation.named(inputs.text("upscale_method")),
            Math.max(1, (int) Math.rint(latent.height() * scale)),
            Math.max(1, (int) Math.rint(latent.width() * scale)),
            false));
  }
}
