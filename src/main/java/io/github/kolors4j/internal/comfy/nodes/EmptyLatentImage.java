package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.List;

/** A place to draw in: latents that are zero, in the number of channels that the sampler needs. */
public final class EmptyLatentImage implements Node {
  /** A gigabyte of latents. */
  private static final long MOST = 1L << 28;

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("EmptyLatentImage")
        .displayName("Empty Latent Image")
        .category("model/latent")
        .pack("nodes")
        .integer("width", 1024, 16, 16384, 8)
        .integer("height", 1024, 16, 16384, 8)
        .integer("batch_size", 1, 1, 4096)
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    long[] shape = {
      inputs.integer("batch_size"), 4, inputs.integer("height") / 8, inputs.integer("width") / 8
    };
    long numbers = shape[0] * shape[1] * shape[2] * shape[3];
    if (numbers > MOST) {
      throw new WorkflowException(
          "%d pictures of %d×%d are more than fit: take a smaller batch."
              .formatted(shape[0], inputs.integer("width"), inputs.integer("height")));
    }
    return List.of(Latent.of(new float[(int) numbers], 8, shape));
  }
}
