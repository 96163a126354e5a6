package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.pipeline.EncodedPicture;
import io.github.kolors4j.internal.pipeline.Guidance;
import io.github.kolors4j.internal.pipeline.StartingLatents;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.CudaGpu;
import io.github.kolors4j.internal.tensor.CudaRandom;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Sampling.NoiseSource;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run from noise to latents (diffusers {@code pipeline_kolors.py} and {@code
 * pipeline_kolors_img2img.py}, from "Prepare latent variables" to the end of the loop).
 */
final class Denoising {
  private final UNet unet;
  private final Supplier<Autoencoder> vae;
  private final AutoencoderConfig vaeConfig;
  private final Prompt prompt;
  private final StartingLatents start;
  private final Sampling sampling;
  private final Precision precision;

  /** What latents are kept in from step to step. */
  private final Precision kept;

  private final CleanLatents cleanLatents;
  private final NoiseSource random;
  private final Shape shape;
  private final NDManager manager;

  /**
   * @param precision what the UNet computes with; the sampler computes in float32, in the course's
   *     way in float16 if the UNet does
   * @param vae the autoencoder, asked for only to start from a picture
   * @param prompt with seed and size
   * @param start the latents to begin at, if they are given
   * @param manager the owner of what the run needs from step to step, and of its result
   */
  Denoising(
      UNet unet,
      Supplier<Autoencoder> vae,
      AutoencoderConfig vaeConfig,
      Precision precision,
      Prompt prompt,
      StartingLatents start,
      Sampling sampling,
      CleanLatents cleanLatents,
      NDManager manager) {
    this.cleanLatents = cleanLatents;
    this.unet = unet;
    this.vae = vae;
    this.vaeConfig = vaeConfig;
    this.start = start;
    this.precision = precision;
    this.prompt = prompt;
    this.sampling = sampling;
    this.manager = manager;
    shape = vaeConfig.latentShape(prompt.width(), prompt.height());
    Function<long[], float[]> draws = inBatch(draws(prompt), start);
    random = (shape, owner) -> owner.create(draws.apply(shape.getShape()), shape);
    kept =
        prompt.inTheCoursesWay() && precision == Precision.FLOAT16 ? precision : Precision.FLOAT32;
  }

  /** Normal numbers of a shape, from a settled prompt's seed: each call draws the next ones. */
  static Function<long[], float[]> draws(Prompt prompt) {
    long seed = prompt.seed().orElseThrow();
    CudaGpu gpu = prompt.courseGpu();
    return gpu != null ? new CudaRandom(seed, gpu)::randnHalf : new TorchRandom(seed)::randn;
  }

  /** Draws for a whole batch, and gives what falls to one place of it. */
  private static Function<long[], float[]> inBatch(
      Function<long[], float[]> draws, StartingLatents start) {
    if (start.batch() == 1) {
      return draws;
    }
    return shape -> {
      long[] whole = shape.clone();
      whole[0] = start.batch();
      float[] drawn = draws.apply(whole);
      int each = drawn.length / start.batch();
      return Arrays.copyOfRange(drawn, start.place() * each, (start.place() + 1) * each);
    };
  }

  /**
   * Makes all steps and returns the latents (1, channels, height / downscale, width / downscale).
   */
  NDArray run(PromptEmbeddings embeddings, DenoisingListener listener) {
    // 1. Prepare the latents. The order of the random draws is diffusers'.
    BufferedImage picture = prompt.picture();
    NDArray latents =
        start.posterior().isPresent()
            ? noisy(start.posterior().get())
            : picture == null ? pureNoise() : noisy(picture);
    // 2. Prepare the conditioning, which is the same in all steps.
    Guidance guidance = new Guidance(unet, prompt, embeddings, manager);
    // 3. Denoise step by step.
    int first = sampling.startIndex();
    int count = sampling.steps() - first;
    long began = System.nanoTime();
    try (Work work = Work.begin("去噪 (denoising)", "steps", count)) {
      for (int made = 0; made < count; made++) {
        stopIfRequested(work, made, count);
        Stepped stepped = step(latents, first + made, guidance, stoppable(work, made, count));
        latents = stepped.latents;
        work.advance();
        long nanosLeft = (System.nanoTime() - began) / (made + 1) * (count - made - 1);
        try (NDArray clean = stepped.clean) {
          DenoisingListener.Step step =
              new DenoisingListener.Step(
                  made + 1, count, latents, clean, Duration.ofNanos(nanosLeft));
          if (!listener.stepMade(step) && made + 1 < count) {
            throw stopped(made + 1, count, "its listener");
          }
        }
      }
    }
    return TensorOperators.float32(latents);
  }

  private NDArray pureNoise() {
    return kept.convert(noise(manager).muli(sampling.initNoiseSigma()));
  }

  /** Standard normal: the prompt's own noise, or what its seed draws. */
  private NDArray noise(NDManager owner) {
    return prompt
        .noise()
        .map(given -> owner.create(given, shape))
        .orElseGet(() -> random.draw(shape, owner));
  }

  /**
   * The picture's latents, a sample of the VAE's posterior or in the course's way its mean, with
   * noise of the first step on it.
   */
  private NDArray noisy(BufferedImage original) {
    try (NDManager scope = manager.newSubManager()) {
      Autoencoder network = vae.get();
      BufferedImage picture = Resampling.LANCZOS.resize(original, prompt.width(), prompt.height());
      NDArray moments = network.encode(PictureTensor.toTensor(scope, picture));
      NDArray mean = network.mean(moments);
      return noisy(
          prompt.inTheCoursesWay() ? mean : drawn(mean, network.standardDeviation(moments), scope),
          scope);
    }
  }

  private NDArray noisy(EncodedPicture given) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray mean = scope.create(given.mean(), shape);
      return noisy(
          given.deviation().isEmpty()
              ? mean
              : drawn(mean, scope.create(given.deviation().get(), shape), scope),
          scope);
    }
  }

  private NDArray drawn(NDArray mean, NDArray deviation, NDManager scope) {
    return random.draw(shape, scope).mul(deviation).add(mean);
  }

  private NDArray noisy(NDArray latents, NDManager scope) {
    NDArray clean = kept.convert(latents.mul(vaeConfig.scalingFactor()));
    NDArray noise = kept.convert(noise(scope));
    NDArray noisy = sampling.addNoise(clean, noise, sampling.startIndex());
    noisy.attach(manager);
    return noisy;
  }

  /** What a step leaves: the next latents, and those of the picture that it had in view. */
  private record Stepped(NDArray latents, NDArray clean) {}

  /** One step. All that it computes is freed with it, but for what it leaves. */
  private Stepped step(NDArray latents, int index, Guidance guidance, Checkpointing checkpointing) {
    try (NDManager scope = manager.newSubManager()) {
      latents.attach(scope);
      NDArray scaled = sampling.scaleModelInput(latents, index);
      double timestep = sampling.timesteps()[index];
      NDArray predicted =
          guidance.predict(
              scaled,
              timestep,
              (input, timesteps, conditioning) ->
                  kept.convert(predict(input, timesteps, conditioning, checkpointing)));
      NDArray clean =
          cleanLatents.of(
              TensorOperators.float32(scaled), TensorOperators.float32(predicted), timestep);
      NDArray next = sampling.step(predicted, index, latents, random);
      clean.attach(manager);
      next.attach(manager);
      return new Stepped(next, clean);
    }
  }

  /** The predicted noise in float32; of a small network in one go, which takes less time. */
  private NDArray predict(
      NDArray input,
      NDArray timesteps,
      UNet.Conditioning conditioning,
      Checkpointing checkpointing) {
    return precision.orFloat32(
        p -> {
          NDArray latents = p.convert(input);
          return TensorOperators.float32(
              unet.config().small()
                  ? unet.forward(latents, timesteps, conditioning)
                  : unet.forward(latents, timesteps, conditioning, checkpointing));
        },
        predicted -> predicted,
        "in the UNet; this step is computed again in fp32.");
  }

  /** Looks between a large UNet's blocks whether to stop: at full size one step takes minutes. */
  private static Checkpointing stoppable(Work work, int stepsMade, int steps) {
    return (segment, inputs) -> {
      stopIfRequested(work, stepsMade, steps);
      return segment.forward(inputs);
    };
  }

  private static void stopIfRequested(Work work, int stepsMade, int steps) {
    if (work.stopRequested()) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      throw stopped(
          stepsMade, steps, interrupted ? "an interrupt of its thread" : "the stop button");
    }
  }

  /**
   * A picture that was not finished: a listener, a person or an interrupt of the thread stopped it.
   */
  static StoppedException stopped(int stepsMade, int steps, String by) {
    return new StoppedException(
        "The picture was stopped after %d of %d steps by %s.".formatted(stepsMade, steps, by));
  }
}
