package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.image.PictureTensor;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.image.Resampling;
import io.github.kolors4j.model.Autoencoder;
import io.github.kolors4j.model.AutoencoderConfig;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.model.ChatGlmTokenizer;
import io.github.kolors4j.model.TokenizedPrompt;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.scheduler.NoiseSource;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.tensor.Segments;
import io.github.kolors4j.tensor.TorchRandom;
import io.github.kolors4j.weights.WeightsException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kolors: from a prompt to a picture (diffusers {@code KolorsPipeline}, and {@code
 * KolorsImg2ImgPipeline} where the prompt starts from a picture).
 *
 * <pre>{@code
 * try (var pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
 *   pipeline.generate(Prompt.of("蓝色头发的男孩").seed(0)).save(Path.of("boy.png"));
 * }
 * }</pre>
 *
 * <p>The one call is made of three, for those who want to look inside or reuse a part: {@link
 * #encodePrompt}, {@link #denoise}, {@link #decode}. Arrays that these return are the caller's to
 * close; what is left open lives as long as the pipeline.
 *
 * <p>The same seed gives the same picture as in Python with a generator on the CPU. Not safe to use
 * from several threads at once.
 */
public final class KolorsPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KolorsPipeline.class);

  private final NDManager manager;
  private final ChatGlmTokenizer tokenizer;
  private final ChatGlm textEncoder;
  private final UNet unet;
  private final Autoencoder vae;
  private final SchedulerConfig schedulerConfig;
  private final int sampleSize;

  private KolorsPipeline(ModelFolder folder, NDManager manager) {
    this.manager = manager;
    tokenizer = ChatGlmTokenizer.load(folder.tokenizer());
    schedulerConfig = schedulerConfig(folder);
    sampleSize = folder.sampleSize();
    textEncoder = ChatGlm.load(folder.textEncoder(), manager);
    unet = UNet.load(folder.unet(), manager);
    vae = Autoencoder.load(AutoencoderConfig.read(folder.vaeConfig()), folder.vae(), manager);
  }

  /**
   * Loads a model.
   *
   * @throws WeightsException if a part is missing, damaged or of another model; nothing stays in
   *     memory then
   */
  public static KolorsPipeline load(ModelFolder folder) {
    NDManager manager = NDManager.newBaseManager();
    try {
      return new KolorsPipeline(folder, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static SchedulerConfig schedulerConfig(ModelFolder folder) {
    Path file = folder.scheduler().resolve("scheduler_config.json");
    try {
      return SchedulerConfig.read(file);
    } catch (IOException e) {
      throw new WeightsException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Draws a picture.
   *
   * @throws IllegalArgumentException if the prompt asks for what this model cannot do
   */
  public GeneratedPicture generate(Prompt prompt) {
    return generate(prompt, DenoisingListener.NONE);
  }

  /**
   * Draws a picture, step by step before a listener's eyes.
   *
   * @throws GenerationStoppedException if the listener stops it, or the thread is interrupted (the
   *     thread's interrupted status stays set)
   */
  public GeneratedPicture generate(Prompt prompt, DenoisingListener listener) {
    long start = System.nanoTime();
    // 1. Check the prompt and settle what it leaves open
    Prompt settled = settle(prompt);
    // 2. Encode the texts
    try (PromptEmbeddings embeddings = encodePrompt(settled);
        // 3. Denoise
        NDArray latents = denoise(settled, embeddings, listener);
        // 4. Decode
        NDArray decoded = decode(latents)) {
      return new GeneratedPicture(
          toPicture(decoded),
          settled,
          List.of(),
          (System.nanoTime() - start) / 1e9,
          embeddings.warnings(),
          latents.toFloatArray());
    }
  }

  /** Draws a picture for each prompt, in order. */
  public List<GeneratedPicture> generate(List<Prompt> prompts) {
    return generate(prompts, DenoisingListener.NONE);
  }

  /**
   * Draws a picture for each prompt, in order.
   *
   * @return as many pictures as were finished when the listener or an interrupt of the thread
   *     stopped it
   * @throws GenerationStoppedException if that was before the first one was finished
   */
  public List<GeneratedPicture> generate(List<Prompt> prompts, DenoisingListener listener) {
    prompts.forEach(this::settle); // a mistake in the last prompt shows before an hour has passed
    List<GeneratedPicture> pictures = new ArrayList<>();
    for (Prompt prompt : prompts) {
      try {
        pictures.add(generate(prompt, listener));
      } catch (GenerationStoppedException e) {
        if (pictures.isEmpty()) {
          throw e;
        }
        LOG.warn("{} {} of {} are finished.", e.getMessage(), pictures.size(), prompts.size());
        break;
      }
    }
    return pictures;
  }

  /**
   * The prompt with what it leaves open filled in: seed, size and sampler.
   *
   * @throws IllegalArgumentException if this model cannot draw it
   */
  public Prompt settle(Prompt prompt) {
    int factor = vae.config().downscale();
    Prompt settled = prompt;
    if (prompt.width() == 0 && prompt.picture() != null) {
      int width = prompt.picture().getWidth() / factor * factor;
      int height = prompt.picture().getHeight() / factor * factor;
      if (width == 0 || height == 0) {
        throw new IllegalArgumentException(
            "The picture to start from is %d×%d pixels, but the model needs %d×%d at least."
                .formatted(
                    prompt.picture().getWidth(), prompt.picture().getHeight(), factor, factor));
      }
      settled = settled.size(width, height);
    } else if (prompt.width() == 0) {
      settled = settled.size(sampleSize * factor, sampleSize * factor);
    }
    if (settled.width() % factor != 0 || settled.height() % factor != 0) {
      throw new IllegalArgumentException(
          "The size is %d×%d, but this model's VAE needs multiples of %d."
              .formatted(settled.width(), settled.height(), factor));
    }
    if (prompt.seed().isEmpty()) {
      settled = settled.seed(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    }
    if (prompt.scheduler() == null) {
      settled = settled.scheduler(schedulerConfig.className());
    }
    try (Sampling possible = begin(settled)) {
      return settled;
    }
  }

  private Sampling begin(Prompt prompt) {
    String name = prompt.scheduler() == null ? schedulerConfig.className() : prompt.scheduler();
    double strength = prompt.picture() == null ? 1 : prompt.strength();
    return Scheduler.of(name, schedulerConfig).begin(prompt.steps(), strength);
  }

  /**
   * Encodes the text, and with guidance the negative text before it; none is as an empty one. Text
   * beyond 256 tokens is left out, with a warning that says which.
   */
  public PromptEmbeddings encodePrompt(Prompt prompt) {
    List<String> texts = new ArrayList<>();
    if (prompt.guided()) {
      texts.add(prompt.negative() == null ? "" : prompt.negative());
    }
    texts.add(prompt.text());
    int length = ChatGlmTokenizer.MAX_LENGTH;
    long[][] rows = new long[3][texts.size() * length];
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TokenizedPrompt tokens = tokenizer.encode(texts.get(i));
      System.arraycopy(tokens.inputIds(), 0, rows[0], i * length, length);
      System.arraycopy(tokens.attentionMask(), 0, rows[1], i * length, length);
      System.arraycopy(tokens.positionIds(), 0, rows[2], i * length, length);
      if (tokens.truncated()) {
        warnings.add(
            "The %s is longer than %d tokens; this end of it was left out: %s"
                .formatted(
                    i < texts.size() - 1 ? "negative prompt" : "prompt",
                    length,
                    tokens.droppedText()));
      }
    }
    Shape shape = new Shape(texts.size(), length);
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      ChatGlm.Encoding encoding =
          textEncoder.encode(
              scope.create(rows[0], shape),
              scope.create(rows[1], shape),
              scope.create(rows[2], shape));
      encoding.tokens().attach(manager);
      encoding.pooled().attach(manager);
      return new PromptEmbeddings(encoding.tokens(), encoding.pooled(), warnings);
    }
  }

  /** {@link #denoise(Prompt, PromptEmbeddings, DenoisingListener)} with nobody listening. */
  public NDArray denoise(Prompt prompt, PromptEmbeddings embeddings) {
    return denoise(prompt, embeddings, DenoisingListener.NONE);
  }

  /**
   * Turns noise into latents, or a picture's latents with noise on them if the prompt starts from a
   * picture.
   *
   * @param prompt gives seed, size, steps, guidance and sampler; its texts are not read
   * @param embeddings the texts, encoded with the same guidance
   * @return latents (1, channels, height/8, width/8), scaled as the UNet has them
   * @throws GenerationStoppedException if the listener stops it, or the thread is interrupted
   */
  public NDArray denoise(Prompt prompt, PromptEmbeddings embeddings, DenoisingListener listener) {
    Prompt settled = settle(prompt);
    requireSameGuidance(settled, embeddings);
    try (NDManager run = manager.newSubManager();
        Gradients off = Gradients.disable();
        Sampling sampling = begin(settled)) {
      TorchRandom random = new TorchRandom(settled.seed().getAsLong());
      // 1. Prepare the latents; the order of the draws is diffusers'
      NDArray latents = initialLatents(settled, sampling, random, run);
      // 2. Prepare the conditioning, which is the same in all steps
      UNet.Conditioning conditioning =
          new UNet.Conditioning(
              embeddings.tokens(), embeddings.pooled(), sizes(settled, embeddings, run));
      // 3. Denoise step by step
      NDArray denoised = loop(settled, sampling, random, latents, conditioning, listener, run);
      denoised.attach(manager);
      return denoised;
    }
  }

  private static void requireSameGuidance(Prompt prompt, PromptEmbeddings embeddings) {
    if (prompt.guided() != embeddings.guided()) {
      throw new IllegalArgumentException(
          "cfgScale %s needs embeddings %s the negative text, but these were encoded with another cfgScale: encode the prompt again."
              .formatted(prompt.cfgScale(), prompt.guided() ? "with" : "without"));
    }
  }

  private NDArray initialLatents(
      Prompt prompt, Sampling sampling, TorchRandom random, NDManager run) {
    int factor = vae.config().downscale();
    Shape shape =
        new Shape(1, unet.config().inChannels(), prompt.height() / factor, prompt.width() / factor);
    if (prompt.picture() == null) {
      return random.randn(run, shape).mul(sampling.initNoiseSigma());
    }
    try (NDManager scope = run.newSubManager()) {
      BufferedImage picture =
          Pictures.resize(prompt.picture(), prompt.width(), prompt.height(), Resampling.LANCZOS);
      NDArray moments = vae.encode(PictureTensor.toTensor(scope, picture));
      NDArray posterior =
          random.randn(scope, shape).mul(vae.standardDeviation(moments)).add(vae.mean(moments));
      NDArray clean = posterior.mul(vae.config().scalingFactor());
      NDArray noisy = sampling.addNoise(clean, random.randn(scope, shape), sampling.startIndex());
      noisy.attach(run);
      return noisy;
    }
  }

  /** SDXL's micro-conditioning: original size, crop and target size, for each row. */
  private static NDArray sizes(Prompt prompt, PromptEmbeddings embeddings, NDManager run) {
    float[] one = {prompt.height(), prompt.width(), 0, 0, prompt.height(), prompt.width()};
    int rows = (int) embeddings.tokens().getShape().get(0);
    return run.create(one, new Shape(1, 6)).repeat(0, rows);
  }

  private NDArray loop(
      Prompt prompt,
      Sampling sampling,
      TorchRandom random,
      NDArray latents,
      UNet.Conditioning conditioning,
      DenoisingListener listener,
      NDManager run) {
    NoiseSource noises = (shape, owner) -> random.randn(owner, shape);
    int first = sampling.startIndex();
    int count = sampling.steps() - first;
    long start = System.nanoTime();
    for (int made = 0; made < count; made++) {
      int index = first + made;
      int stepsMade = made;
      Segments interruptible =
          (segment, inputs) -> {
            if (Thread.currentThread().isInterrupted()) {
              throw new GenerationStoppedException(stepsMade, count, "an interrupt");
            }
            return segment.forward(inputs);
          };
      // What a step computes belongs to it and is freed with it, but for the next latents.
      try (NDManager step = run.newSubManager()) {
        latents.attach(step);
        NDArray scaled = sampling.scaleModelInput(latents, index);
        NDArray input = prompt.guided() ? scaled.concat(scaled, 0) : scaled;
        float timestep = (float) sampling.timesteps()[index];
        NDArray timesteps = step.full(new Shape(input.getShape().get(0)), timestep);
        NDArray predicted = unet.forward(input, timesteps, conditioning, interruptible);
        if (prompt.guided()) {
          NDArray without = predicted.get("0:1");
          NDArray with = predicted.get("1:2");
          predicted = with.sub(without).mul(prompt.cfgScale()).add(without);
        }
        latents = sampling.step(predicted, index, latents, noises);
        latents.attach(run);
      }
      Duration left =
          Duration.ofNanos((System.nanoTime() - start) / (made + 1) * (count - made - 1));
      boolean goOn = listener.stepMade(new DenoisingListener.Step(made + 1, count, latents, left));
      if (!goOn && made + 1 < count) {
        throw new GenerationStoppedException(made + 1, count, "its listener");
      }
    }
    return latents;
  }

  /**
   * Decodes latents to pictures.
   *
   * @param latents (batch, channels, height/8, width/8) as {@link #denoise} gives them
   * @return (batch, 3, height, width), about [-1, 1], not clamped
   */
  public NDArray decode(NDArray latents) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray scaled = latents.div(vae.config().scalingFactor());
      scaled.attach(scope);
      NDArray decoded = vae.decode(scaled);
      decoded.attach(manager);
      return decoded;
    }
  }

  /** One decoded picture (1, 3, height, width) as pixels, rounded as diffusers does. */
  public static BufferedImage toPicture(NDArray decoded) {
    return PictureTensor.toPicture(decoded);
  }

  public ChatGlmTokenizer tokenizer() {
    return tokenizer;
  }

  public ChatGlm textEncoder() {
    return textEncoder;
  }

  public UNet unet() {
    return unet;
  }

  public Autoencoder vae() {
    return vae;
  }

  /** The scheduler's configuration in the model's folder. */
  public SchedulerConfig schedulerConfig() {
    return schedulerConfig;
  }

  /** How many arrays are alive in native memory: weights, and what callers have not closed. */
  int nativeArrays() {
    return manager.getManagedArrays().size();
  }

  /** Frees the model, and every array of this pipeline that is still open. */
  @Override
  public void close() {
    manager.close();
  }
}
