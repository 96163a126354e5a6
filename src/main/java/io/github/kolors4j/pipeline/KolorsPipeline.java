package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.pipeline.MergedModel;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.weights.ReadFailure;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
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
 * <p>The same seed gives the same picture as in Python with a generator on the CPU; {@link
 * Prompt#asInTheCourse()} gives the course's, whose noise is a GPU's. Not safe to use from several
 * threads at once.
 */
public final class KolorsPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KolorsPipeline.class);

  /** Plans for less than this are not worth a line in the log, in bytes. */
  private static final long WORTH_TELLING = 1L << 30;

  private final ModelFolder folder;
  private final NDManager manager;
  private final MemoryPlan plan;
  private final Precision precision;
  private final ChatGlmTokenizer tokenizer;
  private final Networks networks;
  private final Autoencoder vae;
  private final PromptEncoding promptEncoding;
  private final PictureDecoding pictureDecoding;
  private final EncodedPrompts encodedPrompts = new EncodedPrompts();
  private final SchedulerConfig schedulerConfig;
  private final int sampleSize;

  private KolorsPipeline(
      ModelFolder folder, MemoryPlan plan, PipelineOptions options, NDManager manager) {
    this.folder = folder;
    this.manager = manager;
    this.plan = plan;
    precision = plan.unet().loading().precision();
    tokenizer = ChatGlmTokenizer.load(folder.tokenizer());
    schedulerConfig = schedulerConfig(folder);
    sampleSize = folder.sampleSize();
    FittingParts.require(folder, tokenizer);
    networks = new Networks(folder, plan, manager);
    vae = networks.vae();
    promptEncoding =
        new PromptEncoding(tokenizer, networks, plan.textEncoder().loading().precision(), manager);
    pictureDecoding = new PictureDecoding(vae, precision, options.tiles(), manager);
  }

  /**
   * Loads a model: everything about memory as it fits.
   *
   * @throws NotEnoughMemoryException if it does not fit at all
   * @throws WeightsException if a part is missing, damaged or of another model; nothing stays in
   *     memory then
   */
  public static KolorsPipeline load(ModelFolder folder) {
    return options().load(folder);
  }

  /**
   * Settings for loading: precision, device, and how the networks are held in memory.
   *
   * <pre>{@code
   * KolorsPipeline.options().precision("bf16").textEncoder("int8").load(models)
   * }</pre>
   */
  public static PipelineOptions options() {
    return PipelineOptions.automatic();
  }

  static KolorsPipeline load(ModelFolder folder, PipelineOptions options) {
    MemoryPlan plan = options.plan(folder);
    if (plan.peak() - MemoryPlan.OVERHEAD >= WORTH_TELLING) {
      LOG.info("{}", plan);
    }
    NDManager manager = NDManager.newBaseManager(options.chosenDevice());
    try (Work loading =
        Work.begin("载入模型 (loading the model)").stoppable(KolorsPipeline::stoppedLoading)) {
      return new KolorsPipeline(folder, plan, options, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static StoppedException stoppedLoading() {
    return new StoppedException(
        "载入模型时停下了，模型没有留在内存里；再运行一次即可。(Stopped while the model was loaded: nothing of it stays in memory. Run it again.)");
  }

  private static SchedulerConfig schedulerConfig(ModelFolder folder) {
    Path file = folder.scheduler().resolve("scheduler_config.json");
    try {
      return SchedulerConfig.read(file);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    } catch (IllegalArgumentException e) { // which names the file
      throw new WeightsException(e.getMessage(), e);
    }
  }

  /**
   * Adds a LoRA to those at work: to the UNet, to the text encoder, or to both, as it has it.
   *
   * <pre>{@code
   * pipeline.add(Lora.of(run.checkpoint()).alpha(2))
   * }</pre>
   *
   * @return this pipeline
   * @throws io.github.kolors4j.lora.LoraException if it is no LoRA for this model, or its alpha is
   *     neither set nor stated in its file, as DiffSynth-Studio and peft leave it; nothing has
   *     changed then
   */
  public KolorsPipeline add(Lora lora) {
    requireOpen();
    if (networks.add(lora).matrices().textEncoder() != null) {
      encodedPrompts.close(); // they were read without it
    }
    return this;
  }

  /** Takes all LoRAs off, which restores the model as it was loaded. */
  public KolorsPipeline clearLoras() {
    if (networks.textEncoderIsChanged()) {
      encodedPrompts.close(); // they were read with them
    }
    networks.clearLoras();
    return this;
  }

  /**
   * Writes the model with the LoRAs at work added to its weights for good, the UNet's and the text
   * encoder's, as a folder in the published layout. This pipeline stays as it is.
   *
   * @param target must not exist, or be empty; it is complete or not there
   * @return the model in the folder
   * @throws WeightsException if it exists or cannot be written
   */
  public ModelFolder saveMerged(Path target) {
    requireOpen();
    return MergedModel.of(folder, networks.loras()).save(target);
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
    return generate(prompt, null, listener);
  }

  /**
   * Draws a picture from given noise instead of what the seed draws, as diffusers with {@code
   * latents=}: the same noise gives the same picture in whichever program it is used. A sampler
   * that draws more noise between its steps takes that from the seed.
   *
   * @param noise standard normal, channels · height/8 · width/8 numbers in row-major order, see
   *     {@link #noise}; null for what the seed draws
   * @throws IllegalArgumentException if it has another length, or the prompt starts from a picture
   *     (but in the course's way, where the noise is what that picture's latents get)
   */
  public GeneratedPicture generate(Prompt prompt, float[] noise, DenoisingListener listener) {
    long start = System.nanoTime();
    // 1. Check the prompt and settle what it leaves open
    Prompt settled = settle(prompt);
    // 2. Encode the texts
    Supplier<GenerationStoppedException> stopped =
        () ->
            new GenerationStoppedException(
                0, settled.steps(), "a person, while it was encoded or decoded");
    try (Work drawing = Work.begin("画一张图 (drawing a picture)").stoppable(stopped);
        PromptEmbeddings embeddings = encodePrompt(settled);
        // 3. Denoise
        NDArray latents = denoise(settled, embeddings, noise, listener);
        // 4. Decode
        NDArray decoded =
            settled.inTheCoursesWay()
                ? pictureDecoding.decodeAsInTheCourse(latents)
                : decode(latents)) {
      return new GeneratedPicture(
          settled.inTheCoursesWay()
              ? PictureTensor.toPictureCutOff(decoded)
              : PictureTensor.toPicture(decoded),
          settled,
          networks.loraTexts(),
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
    try (Work drawing = Work.begin("画图 (drawing)", "pictures", prompts.size())) {
      for (int i = 0; i < prompts.size(); i++) {
        if (plan.inTurn() && i % EncodedPrompts.CAPACITY == 0) {
          encodeAhead(prompts.subList(i, Math.min(prompts.size(), i + EncodedPrompts.CAPACITY)));
        }
        pictures.add(generate(prompts.get(i), listener));
        drawing.advance();
      }
    } catch (GenerationStoppedException e) {
      if (pictures.isEmpty()) {
        throw e;
      }
      LOG.warn("{} {} of {} are finished.", e.getMessage(), pictures.size(), prompts.size());
    }
    return pictures;
  }

  /** Encodes prompts before the text encoder leaves memory for the UNet. */
  private void encodeAhead(List<Prompt> prompts) {
    try (Work encoding = Work.begin("编码提示词 (encoding prompts)", "prompts", prompts.size())) {
      for (Prompt prompt : prompts) {
        if (encoding.stopRequested()) {
          throw new GenerationStoppedException(
              0, prompt.steps(), "the stop button or an interrupt");
        }
        encodePrompt(prompt).close();
        encoding.advance();
      }
    }
  }

  /**
   * The prompt with what it leaves open filled in: seed, size and sampler.
   *
   * @throws IllegalArgumentException if this model cannot draw it
   */
  public Prompt settle(Prompt prompt) {
    requireOpen();
    int factor = vae.config().downscale();
    Prompt settled = prompt;
    if (prompt.width() == 0 && prompt.picture() != null) {
      int unit = Math.max(8, factor);
      int width = prompt.picture().getWidth();
      int height = prompt.picture().getHeight();
      if (width < unit || height < unit) {
        throw new IllegalArgumentException(
            "The picture to start from is %d×%d pixels, but the model needs %d×%d at least."
                .formatted(width, height, unit, unit));
      }
      settled = settled.size(width / unit * unit, height / unit * unit);
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

  private void requireOpen() {
    if (!manager.isOpen()) {
      throw new IllegalStateException("This pipeline is closed: load it again.");
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
    requireOpen();
    if (!plan.inTurn()) {
      return promptEncoding.encode(prompt);
    }
    PromptEmbeddings known = encodedPrompts.get(prompt, manager);
    if (known != null) {
      return known;
    }
    PromptEmbeddings embeddings = promptEncoding.encode(prompt);
    encodedPrompts.put(prompt, embeddings, manager);
    return embeddings;
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
    return denoise(prompt, embeddings, null, listener);
  }

  private NDArray denoise(
      Prompt prompt, PromptEmbeddings embeddings, float[] noise, DenoisingListener listener) {
    Prompt settled = settle(prompt);
    requireSameGuidance(settled, embeddings);
    requireFit(settled, noise);
    try (NDManager run = manager.newSubManager();
        Gradients off = Gradients.disable();
        Sampling sampling = begin(settled)) {
      UNet network = networks.unet();
      requireRoom(settled, network);
      NDArray latents =
          new Denoising(network, vae, precision, settled, sampling, run)
              .run(embeddings, noise, listener);
      latents.attach(manager);
      return latents;
    }
  }

  /**
   * The noise that a prompt's seed draws first: the CPU's, or in the course's way a GPU's.
   *
   * @param prompt with seed and size, as {@link #settle} gives it
   * @return channels · height/8 · width/8 numbers in row-major order
   */
  public float[] noise(Prompt prompt) {
    return Denoising.draws(prompt).apply(latentShape(prompt).getShape());
  }

  /** The shape of a prompt's latents: (1, channels, height/8, width/8). */
  public Shape latentShape(Prompt prompt) {
    int factor = vae.config().downscale();
    return new Shape(
        1, vae.config().latentChannels(), prompt.height() / factor, prompt.width() / factor);
  }

  private void requireFit(Prompt prompt, float[] noise) {
    if (noise == null) {
      return;
    }
    if (prompt.picture() != null && !prompt.inTheCoursesWay()) {
      throw new IllegalArgumentException(
          "The prompt starts from a picture, so it cannot start from given noise as well.");
    }
    Shape shape = latentShape(prompt);
    if (noise.length != shape.size()) {
      throw new IllegalArgumentException(
          "The noise has %d numbers, but a picture of %d×%d takes %s, which is %d."
              .formatted(noise.length, prompt.width(), prompt.height(), shape, shape.size()));
    }
  }

  /** Says now what the system would otherwise end the process for. */
  private void requireRoom(Prompt prompt, UNet network) {
    int factor = vae.config().downscale();
    long needed =
        precision.bytes()
            * MemoryPlanner.unetActivations(
                network.config(), prompt.height() / factor, prompt.width() / factor);
    long free = MachineMemory.free(manager.getDevice());
    if (needed > free) {
      throw new NotEnoughMemoryException(
          "A picture of %d×%d takes about %s to draw, but %s are free. Draw a smaller one, or close other programs."
              .formatted(
                  prompt.width(),
                  prompt.height(),
                  MemoryPlan.gibibytes(needed),
                  MemoryPlan.gibibytes(free)));
    }
  }

  private static void requireSameGuidance(Prompt prompt, PromptEmbeddings embeddings) {
    if (prompt.guided() != embeddings.guided()) {
      throw new IllegalArgumentException(
          "cfgScale %s needs embeddings %s the negative text, but these were encoded with another cfgScale: encode the prompt again."
              .formatted(prompt.cfgScale(), prompt.guided() ? "with" : "without"));
    }
  }

  /**
   * Decodes latents to pictures.
   *
   * @param latents (batch, channels, height/8, width/8) as {@link #denoise} gives them
   * @return (batch, 3, height, width), about [-1, 1], not clamped
   */
  public NDArray decode(NDArray latents) {
    requireOpen();
    return pictureDecoding.decode(latents);
  }

  /** One decoded picture (1, 3, height, width) as pixels, rounded as diffusers does. */
  public static BufferedImage toPicture(NDArray decoded) {
    return PictureTensor.toPicture(decoded);
  }

  public ChatGlmTokenizer tokenizer() {
    return tokenizer;
  }

  /** What is held where, and how much memory that takes. */
  public MemoryPlan plan() {
    return plan;
  }

  /** The text encoder, which is loaded for this if it takes turns with the UNet. */
  public ChatGlm textEncoder() {
    return networks.textEncoder();
  }

  /** The UNet, which is loaded for this if it takes turns with the text encoder. */
  public UNet unet() {
    return networks.unet();
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

  /** What model this is, how it is held, and the LoRAs at work. */
  @Override
  public String toString() {
    if (!manager.isOpen()) {
      return "KolorsPipeline (closed)";
    }
    List<String> adapters = networks.loraTexts();
    return "KolorsPipeline of %s, %d×%d, %s, %s"
        .formatted(
            folder,
            sampleSize * vae.config().downscale(),
            sampleSize * vae.config().downscale(),
            precision.label(),
            adapters.isEmpty() ? "no LoRA" : "LoRA: " + String.join("; ", adapters));
  }

  /** Frees the model, and every array of this pipeline that is still open. */
  @Override
  public void close() {
    manager.close();
  }
}
