package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Some of a batch of latents. */
public final class LatentFromBatch implements Node {

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("LatentFromBatch")
        .displayName("Get Latent From Batch")
        .category("model/latent/batch")
        .pack("nodes")
        .input("samples", "LATENT")
        .integer("batch_index", 0, -16384, 16384)
        .integer("length", 1, 1, 64)
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent latent = inputs.latent("samples");
    int index = (int) inputs.integer("batch_index");
    int from =
        Math.max(0, Math.min(latent.batch() - 1, index < 0 ? index + latent.batch() : index));
    int count = (int) Math.min(latent.batch() - from, inputs.integer("length"));
    int each = latent.samples().length / latent.batch();
    long[] shape = latent.shape();
    shape[0] = count;
    Optional<float[]> deviation =
        latent.deviation().map(all -> Arrays.copyOfRange(all, from * each, (from + count) * each));
    return List.of(
        new Latent(
            Arrays.copyOfRange(latent.samples(), from * each, (from + count) * each),
            shape,
            latent.downscale(),
            deviation));
  }
}
