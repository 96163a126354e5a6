package io.github.kolors4j.internal.comfy.nodes;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.VaeModel;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** From latents to pictures, rounded to 256 steps a colour. */
public final class VAEDecode implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("VAEDecode")
        .displayName("VAE Decode")
        .category("model/latent")
        .pack("nodes")
        .input("samples", "LATENT")
        .input("vae", "VAE")
        .output("IMAGE");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent latent = inputs.latent("samples");
    KolorsPipeline pipeline = context.models().vae(inputs.get("vae", VaeModel.class));
    int channels = pipeline.config().vae().latentChannels();
    if (latent.channels() != channels) {
      throw new WorkflowException(
          "The latents have %d channels, but this VAE decodes %d: load the VAE that belongs to the model."
              .formatted(latent.channels(), channels));
    }
    List<BufferedImage> pictures = new ArrayList<>();
    for (int i = 0; i < latent.batch(); i++) {
      context.checkStopped();
      Latent one = latent.at(i);
      try (NDArray decoded = pipeline.decodeUnscaled(one.samples(), new Shape(one.shape()))) {
        pictures.add(KolorsPipeline.toPicture(decoded));
      }
    }
    return List.of(List.copyOf(pictures));
  }
}
