package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.pipeline.Guidance;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;

/**
 * A pipeline's UNet with one prompt, as the samplers ask it: the noise without the prompt, plus
 * {@code guidanceScale} times what the prompt changes (Ho and Salimans 2022, arXiv:2207.12598).
 *
 * <p>What {@link KolorsPipeline#denoise} does inside a step, for whoever wants to write the loop
 * around it. In float32; the pipeline has to stay open, and its adapters as they are.
 */
public final class GuidedNoise implements NoisePredictor, AutoCloseable {
  private final UNet unet;
  private final PromptEmbeddings embeddings;
  private final NDManager manager;
  private final Guidance guidance;

  private GuidedNoise(KolorsPipeline pipeline, Prompt prompt) {
    unet = pipeline.unet();
    embeddings = pipeline.encodePrompt(prompt);
    manager = embeddings.tokens().getManager().newSubManager();
    guidance = new Guidance(unet, prompt, embeddings, manager);
  }

  /**
   * Encodes a prompt for a pipeline.
   *
   * @param prompt gives texts, guidance and the size that the model is told
   */
  public static GuidedNoise of(KolorsPipeline pipeline, Prompt prompt) {
    return new GuidedNoise(pipeline, pipeline.settle(prompt));
  }

  /**
   * The predicted noise of latents (1, channels, height / downscale, width / downscale), scaled as
   * the sampler says.
   */
  @Override
  public NDArray predict(NDArray input, double timestep) {
    try (Gradients off = Gradients.disable();
        Scope scope = new Scope(input)) {
      return scope.result(guidance.predict(input, timestep, unet::forward));
    }
  }

  /** Frees the encoded prompt; the pipeline stays open. */
  @Override
  public void close() {
    manager.close();
    embeddings.close();
  }
}
