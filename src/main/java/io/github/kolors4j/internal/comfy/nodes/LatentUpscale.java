package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.Interpolation;
import io.github.kolors4j.internal.comfy.ResizedLatent;
import java.util.List;

/** Latents in another size, which is given in pixels. */
public final class LatentUpscale implements Node {
  /** In pixels. */
  private static final int SMALLEST = 64;

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LatentUpscale")
        .displayName("Upscale Latent")
        .category("model/latent")
        .pack("nodes")
        .input("samples", "LATENT")
        .choice(
            "upscale_method", List.of("nearest-exact", "bilinear", "area", "bicubic", "bislerp"))
        .integer("width", 512, 0, 16384, 8)
        .integer("height", 512, 0, 16384, 8)
        .choice("crop", List.of("disabled", "center"))
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent latent = inputs.latent("samples");
    int width = (int) inputs.integer("width");
    int height = (int) inputs.integer("height");
    if (width == 0 && height == 0) {
      return List.of(latent);
    }
    if (width == 0) {
      height = Math.max(SMALLEST, height);
      width = (int) Math.rint((double) latent.width() * height / latent.height());
    } else if (height == 0) {
      width = Math.max(SMALLEST, width);
      height = (int) Math.rint((double) latent.height() * width / latent.width());
    }
    int scale = latent.downscale();
    return List.of(
        ResizedLatent.of(
            latent,
            Interpolation.named(inputs.text("upscale_method")),
            Math.max(SMALLEST, height) / scale,
            Math.max(SMALLEST, width) / scale,
            inputs.text("crop").equals("center")));
  }
}
