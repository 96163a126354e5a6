package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import java.util.List;
import java.util.Optional;

/** Latents several times over. */
public final class RepeatLatentBatch implements Node {
  private static float[] repeated(float[] numbers, int amount) {
    float[] all = new float[numbers.length * amount];
    for (int i = 0; i < amount; i++) {
      System.arraycopy(numbers, 0, all, i * numbers.length, numbers.length);
    }
    return all;
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("RepeatLatentBatch")
        .displayName("Repeat Latent Batch")
        .category("model/latent/batch")
        .pack("nodes")
        .input("samples", "LATENT")
        .integer("amount", 1, 1, 64)
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent latent = inputs.latent("samples");
    int amount = (int) inputs.integer("amount");
    long[] shape = latent.shape();
    shape[0] *= amount;
    Optional<float[]> deviation = latent.deviation().map(all -> repeated(all, amount));
    return List.of(
        new Latent(repeated(latent.samples(), amount), shape, latent.downscale(), deviation));
  }
}
