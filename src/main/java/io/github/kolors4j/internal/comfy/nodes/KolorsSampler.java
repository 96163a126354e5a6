package io.github.kolors4j.internal.comfy.nodes;

import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.internal.comfy.KolorsEmbeddings;
import io.github.kolors4j.internal.comfy.KolorsModel;
import io.github.kolors4j.internal.comfy.LatentSampling;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Draws: from noise, or from latents as far as {@code denoise_strength} says. */
public final class KolorsSampler implements Node {
  private static final List<String> SCHEDULERS =
      List.of(
          "EulerDiscreteScheduler",
          "EulerAncestralDiscreteScheduler",
          "DPMSolverMultistepScheduler",
          "DPMSolverMultistepScheduler_SDE_karras",
          "UniPCMultistepScheduler",
          "DEISMultistepScheduler");

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("KolorsSampler")
        .displayName("Kolors Sampler")
        .category("KwaiKolorsWrapper")
        .pack("custom_nodes.ComfyUI-KwaiKolorsWrapper")
        .input("kolors_model", "KOLORSMODEL")
        .input("kolors_embeds", "KOLORS_EMBEDS")
        .integer("width", 1024, 64, 2048, 64)
        .integer("height", 1024, 64, 2048, 64)
        .integer("seed", 0, 0, new BigInteger("18446744073709551615"))
        .integer("steps", 25, 1, 200, 1)
        .number("cfg", 5.0, 0.0, 20.0, 0.01)
        .choice("scheduler", SCHEDULERS)
        .option("default", "EulerDiscreteScheduler")
        .input("latent", "LATENT")
        .optional()
        .number("denoise_strength", 1.0, 0.0, 1.0, 0.01)
        .optional()
        .output("LATENT", "latent");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    Optional<Latent> start = inputs.find("latent", Latent.class);
    double strength = inputs.number("denoise_strength");
    if (start.isPresent() && strength == 0) {
      context.say("denoise_strength 为 0：潜变量不变。(With denoise_strength 0 the latents stay.)");
      return List.of(start.get());
    }
    if (start.isEmpty() && strength < 1) {
      context.say(
          "没有 latent 时 denoise_strength 不起作用。(Without latents denoise_strength has no effect.)");
    }
    LatentSampling.Settings settings =
        new LatentSampling.Settings(
            (int) inputs.integer("width"),
            (int) inputs.integer("height"),
            inputs.integer("seed"),
            (int) inputs.integer("steps"),
            inputs.number("cfg"),
            inputs.text("scheduler"),
            strength);
    KolorsModel model = inputs.get("kolors_model", KolorsModel.class);
    KolorsEmbeddings texts = inputs.get("kolors_embeds", KolorsEmbeddings.class);
    return List.of(new LatentSampling(context, model).draw(texts, settings, start));
  }
}
