package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.Conditioning;
import io.github.kolors4j.internal.comfy.KolorsEmbeddings;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.LatentSampling;
import io.github.kolors4j.internal.comfy.SamplerNames;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Draws as ComfyUI names it, with those of its samplers that this library has. */
public final class KSampler implements Node {
  private static KolorsEmbeddings texts(Conditioning positive, Conditioning negative, int batch) {
    if (!positive.model().equals(negative.model())) {
      throw new WorkflowException(
          "positive and negative come from different text encoders: connect both to the same CLIP.");
    }
    return new KolorsEmbeddings(
        positive.model(), Collections.nCopies(batch, positive.text()), negative.text());
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("KSampler")
        .displayName("KSampler")
        .category("model/sampling")
        .pack("nodes")
        .input("model", "MODEL")
        .integer("seed", 0, 0, new BigInteger("18446744073709551615"))
        .option("control_after_generate", true)
        .integer("steps", 20, 1, 10000)
        .number("cfg", 8.0, 0.0, 100.0, 0.1)
        .option("round", 0.01)
        .choice("sampler_name", SamplerNames.samplers())
        .choice("scheduler", SamplerNames.schedulers())
        .input("positive", "CONDITIONING")
        .input("negative", "CONDITIONING")
        .input("latent_image", "LATENT")
        .number("denoise", 1.0, 0.0, 1.0, 0.01)
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Latent given = inputs.latent("latent_image");
    double denoise = inputs.number("denoise");
    if (denoise == 0) {
      context.say("denoise 为 0：潜变量不变。(With denoise 0 the latents stay.)");
      return List.of(given);
    }
    LatentSampling sampling = new LatentSampling(context, inputs.get("model", KolorsModel.class));
    int width = given.width() * given.downscale();
    int height = given.height() * given.downscale();
    boolean fromNoise = given.isEmpty();
    Latent latent = fromNoise ? sampling.empty(width, height, given.batch()) : given;
    int steps = (int) inputs.integer("steps");
    int all = fromNoise ? steps : (int) (steps / denoise);
    LatentSampling.Settings settings =
        new LatentSampling.Settings(
            width,
            height,
            inputs.integer("seed"),
            all,
            inputs.number("cfg"),
            SamplerNames.scheduler(inputs.text("sampler_name"), inputs.text("scheduler")),
            Math.min(1, (steps + 1e-6) / all));
    try (KolorsEmbeddings texts =
        texts(
            inputs.get("positive", Conditioning.class),
            inputs.get("negative", Conditioning.class),
            latent.batch())) {
      return List.of(
          sampling.draw(texts, settings, fromNoise ? Optional.empty() : Optional.of(latent)));
    }
  }
}
