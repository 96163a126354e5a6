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
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.pipeline.StartingLatents;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.lora.HyperNetwork;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.TextualInversion;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private final AddedWords words;
  private final Networks networks;
  private final PromptEncoding promptEncoding;
  private final PictureDecoding pictureDecoding;
  private final SchedulerConfig schedulerConfig;
  private final CleanLatents cleanLatents;
  private final ModelConfig config;

  private KolorsPipeline(
      ModelFolder folder,
      ModelConfig config,
      MemoryPlan plan,
      PipelineOptions options,
      NDManager manager) {
    this.folder = folder;
    this.config = config;
    this.manager = manager;
    this.plan = plan;
    precision = plan.unet().loading().precision();
    ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(folder.tokenizer());
    schedulerConfig = ModelConfig.scheduler(folder);
    cleanLatents = new CleanLatents(schedulerConfig);
    config.requireFit(folder, tokenizer);
    words = new AddedWords(tokenizer, config.textEncoder(), manager);
    networks = new Networks(folder, config, plan, words, options.onDemand(), manager);
    promptEncoding =
        new PromptEncoding(
            words, networks, plan.textEncoder().loading().precision(), plan.inTurn(), manager);
    pictureDecoding =
        new PictureDecoding(networks::vae, config.vae(), precision, options.tiles(), manager);
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
    ModelConfig config = ModelConfig.read(folder);
    MemoryPlan plan = options.plan(folder, config);
    if (plan.peak() - MemoryPlan.OVERHEAD >= WORTH_TELLING) {
      LOG.info("{}", plan);
    }
    NDManager manager = PyTorch.manager(options.chosenDevice());
    try (Work loading =
        Work.begin("载入模型 (loading the model)").stoppable(KolorsPipeline::stoppedLoading)) {
      return new KolorsPipeline(folder, config, plan, options, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static StoppedException stoppedLoading() {
    return new StoppedException(
        "载入模型时停下了，模型没有留在内存里；再运行一次即可。(Stopped while the model was loaded: nothing of it stays in memory. Run it again.)");
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
      promptEncoding.forget(); // what was encoded without it
    }
    return this;
  }

  /**
   * Adds a new word, which prompts may use like any other from now on.
   *
   * <pre>{@code
   * pipeline.add(TextualInversion.of(run.checkpoint())).generate(Prompt.of("<ink>，一只猫"))
   * }</pre>
   *
   * @return this pipeline
   * @throws io.github.kolors4j.KolorsException if the word exists already, or was trained for
   *     another model; nothing has changed then
   */
  public KolorsPipeline add(TextualInversion word) {
    requireOpen();
    words.add(word);
    networks.wordsChanged();
    promptEncoding.forget(); // the word was something else before
    return this;
  }

  /**
   * Adds a hypernetwork to those at work.
   *
   * @return this pipeline
   * @throws io.github.kolors4j.lora.LoraException if it is no hypernetwork for this UNet; nothing
   *     has changed then
   */
  public KolorsPipeline add(HyperNetwork hyperNetwork) {
    requireOpen();
    networks.add(hyperNetwork);
    return this;
  }

  /**
   * Takes all LoRAs, new words and hypernetworks off, which restores the model as it was loaded.
   */
  public KolorsPipeline clearAdapters() {
    words.clear();
    networks.wordsChanged();
    networks.clearHyperNetworks();
    promptEncoding.forget();
    return clearLoras();
  }

  /** Takes all LoRAs off; new words and hypernetworks stay. */
  public KolorsPipeline clearLoras() {
    if (networks.textEncoderIsChanged()) {
      promptEncoding.forget(); // what was encoded with them
    }
    networks.clearLoras();
    return this;
  }

  /**
   * Writes the model with the LoRAs at work added to its weights for good, the UNet's and the text
   * encoder's, as a folder in the published layout. This pipeline stays as it is.
   *
   * <p>New words and hypernetworks have no place in the published layout.
   *
   * @param target must not exist, or be empty; it is complete or not there
   * @return the model in the folder
   * @throws WeightsException if it exists or cannot be written, or if words or hypernetworks are at
   *     work
   */
  public ModelFolder saveMerged(Path target) {
    requireOpen();
    if (networks.haveMoreThanLoras()) {
      throw new WeightsException(
          "New words and hypernetworks are no part of a model's weights and cannot be merged into them. Take them off with clearAdapters(), add the LoRAs again, and keep the others' files beside the model.");
    }
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
   * @throws StoppedException if the listener stops it, or the thread is interrupted (the thread's
   *     interrupted status stays set)
   */
  public GeneratedPicture generate(Prompt prompt, DenoisingListener listener) {
    return draw(settle(prompt), listener);
  }

  private GeneratedPicture draw(Prompt prompt, DenoisingListener listener) {
    long start = System.nanoTime();
    Supplier<StoppedException> stopped =
        () -> Denoising.stopped(0, prompt.steps(), "a person, while it was encoded or decoded");
    try (Work drawing = Work.begin("画一张图 (drawing a picture)").stoppable(stopped);
        PromptEmbeddings embeddings = encodePrompt(prompt);
        NDArray latents = denoiseSettled(prompt, embeddings, StartingLatents.NONE, listener)) {
      return new GeneratedPicture(
          pictureDecoding.toPicture(latents, prompt),
          prompt,
          networks.adapterTexts(),
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
   * @throws StoppedException if that was before the first one was finished
   */
  public List<GeneratedPicture> generate(List<Prompt> prompts, DenoisingListener listener) {
    // A mistake in the last prompt shows before an hour has passed.
    List<Prompt> settled = prompts.stream().map(this::settle).toList();
    List<GeneratedPicture> pictures = new ArrayList<>();
    try (Work drawing = Work.begin("画图 (drawing)", "pictures", settled.size())) {
      for (int i = 0; i < settled.size(); i++) {
        if (plan.inTurn() && i % EncodedPrompts.CAPACITY == 0) {
          encodeAhead(settled.subList(i, Math.min(settled.size(), i + EncodedPrompts.CAPACITY)));
        }
        pictures.add(draw(settled.get(i), listener));
        drawing.advance();
      }
    } catch (StoppedException e) {
      if (pictures.isEmpty()) {
        throw e;
      }
      LOG.warn("{} {} of {} are finished.", e.getMessage(), pictures.size(), settled.size());
    }
    return pictures;
  }

  /** Encodes prompts before the text encoder leaves memory for the UNet. */
  private void encodeAhead(List<Prompt> prompts) {
    try (Work encoding = Work.begin("编码提示词 (encoding prompts)", "prompts", prompts.size())) {
      for (Prompt prompt : prompts) {
        if (encoding.stopRequested()) {
          throw Denoising.stopped(0, prompt.steps(), "the stop button or an interrupt");
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
    Prompt settled = prompt.width() == 0 ? sized(prompt) : prompt;
    if (prompt.seed().isEmpty()) {
      settled = settled.seed(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    }
    if (prompt.scheduler() == null) {
      settled = settled.scheduler(schedulerConfig.className());
    }
    requireSize(settled);
    if (settled.noise().isPresent()) {
      requireFit(settled, settled.noise().get());
    }
    try (Sampling possible = begin(settled, StartingLatents.NONE)) {
      return settled;
    }
  }

  /** Both sides of a picture are multiples of this. */
  private int unit() {
    return Math.max(8, config.vae().downscale());
  }

  private Prompt sized(Prompt prompt) {
    BufferedImage picture = prompt.picture();
    if (picture == null) {
      return prompt.size(config.pictureSize(), config.pictureSize());
    }
    int unit = unit();
    if (picture.getWidth() < unit || picture.getHeight() < unit) {
      throw new IllegalArgumentException(
          "The picture to start from is %d×%d pixels, but the model needs %d×%d at least."
              .formatted(picture.getWidth(), picture.getHeight(), unit, unit));
    }
    return prompt.size(picture.getWidth() / unit * unit, picture.getHeight() / unit * unit);
  }

  private void requireSize(Prompt prompt) {
    int unit = unit();
    if (prompt.width() % unit != 0 || prompt.height() % unit != 0) {
      throw new IllegalArgumentException(
          "The size is %d×%d, but this model's VAE needs multiples of %d: take %d×%d."
              .formatted(
                  prompt.width(),
                  prompt.height(),
                  unit,
                  Prompt.nearest(prompt.width(), unit),
                  Prompt.nearest(prompt.height(), unit)));
    }
  }

  private void requireFit(Prompt prompt, float[] noise) {
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

  private void requireOpen() {
    if (!manager.isOpen()) {
      throw new IllegalStateException("This pipeline is closed: load it again.");
    }
  }

  private Sampling begin(Prompt settled, StartingLatents start) {
    double strength = settled.picture() == null ? start.strength() : settled.strength();
    String name = Objects.requireNonNullElse(settled.scheduler(), schedulerConfig.className());
    return Scheduler.of(name, schedulerConfig).begin(settled.steps(), strength);
  }

  /**
   * Encodes the text, and with guidance the negative text before it; none is as an empty one. Text
   * beyond 256 tokens is left out, with a warning that says which.
   */
  public PromptEmbeddings encodePrompt(Prompt prompt) {
    requireOpen();
    return promptEncoding.encode(prompt);
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
   * @return latents (1, channels, height / downscale, width / downscale), scaled as the UNet has
   *     them
   * @throws StoppedException if the listener stops it, or the thread is interrupted
   */
  public NDArray denoise(Prompt prompt, PromptEmbeddings embeddings, DenoisingListener listener) {
    return denoise(prompt, embeddings, StartingLatents.NONE, listener);
  }

  /**
   * The same from given latents, or for one picture of a batch.
   *
   * @param prompt without a picture if there are latents to start from, of their size
   */
  public NDArray denoise(
      Prompt prompt,
      PromptEmbeddings embeddings,
      StartingLatents start,
      DenoisingListener listener) {
    return denoiseSettled(settle(prompt), embeddings, start, listener);
  }

  private NDArray denoiseSettled(
      Prompt prompt,
      PromptEmbeddings embeddings,
      StartingLatents start,
      DenoisingListener listener) {
    requireSameGuidance(prompt, embeddings);
    try (NDManager run = manager.newSubManager();
        Gradients off = Gradients.disable();
        Sampling sampling = begin(prompt, start)) {
      UNet network = networks.unet();
      requireRoom(prompt, network);
      NDArray latents =
          new Denoising(
                  network,
                  networks::vae,
                  config.vae(),
                  precision,
                  prompt,
                  start,
                  sampling,
                  cleanLatents,
                  run)
              .run(embeddings, listener);
      latents.attach(manager);
      return latents;
    }
  }

  /**
   * The noise that a prompt's seed draws first: the CPU's, or in the course's way a GPU's.
   *
   * @param prompt with seed and size, as {@link #settle} gives it
   * @return as many numbers as {@link #latentShape} has, in row-major order
   */
  public float[] noise(Prompt prompt) {
    return Denoising.draws(prompt).apply(latentShape(prompt).getShape());
  }

  /**
   * The shape of a prompt's latents: (1, channels, height / downscale, width / downscale), where
   * the VAE's downscale is 8 for Kolors and 16 for kolors-mini.
   *
   * @param prompt with a size, as {@link #settle} gives it
   */
  public Shape latentShape(Prompt prompt) {
    return config.vae().latentShape(prompt.width(), prompt.height());
  }

  /** Says now what the system would otherwise end the process for. */
  private void requireRoom(Prompt prompt, UNet network) {
    Shape shape = latentShape(prompt);
    long needed = precision.bytes() * network.config().activations(shape.get(2), shape.get(3));
    long free = MachineMemory.free(manager.getDevice());
    if (needed > free) {
      throw new NotEnoughMemoryException(
          "A picture of %d×%d takes about %s to draw, but %s are free. Draw a smaller one, or close other programs."
              .formatted(
                  prompt.width(),
                  prompt.height(),
                  MachineMemory.gibibytes(needed),
                  MachineMemory.gibibytes(free)));
    }
  }

  private static void requireSameGuidance(Prompt prompt, PromptEmbeddings embeddings) {
    if (prompt.guided() != embeddings.guided()) {
      throw new IllegalArgumentException(
          "cfgScale %s needs embeddings %s the negative text, but these were encoded with another cfgScale: encode the prompt again."
              .formatted(prompt.guidanceScale(), prompt.guided() ? "with" : "without"));
    }
  }

  /**
   * Decodes latents to pictures.
   *
   * @param latents (batch, channels, height / downscale, width / downscale) as {@link #denoise}
   *     gives them
   * @return (batch, 3, height, width), about [-1, 1], not clamped
   */
  public NDArray decode(NDArray latents) {
    requireOpen();
    return pictureDecoding.decode(latents);
  }

  /**
   * Encodes a picture.
   *
   * @param picture whose sides are multiples of what the VAE makes smaller
   * @return for each latent a mean and a log variance (1, 2 · channels, height / downscale, width /
   *     downscale), unscaled; see {@link Autoencoder#mean}
   */
  public NDArray encode(BufferedImage picture) {
    requireOpen();
    Autoencoder vae = networks.vae();
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray moments = vae.encode(PictureTensor.toTensor(scope, picture));
      moments.attach(manager);
      return moments;
    }
  }

  /**
   * Decodes latents as the autoencoder has them: those of {@link #denoise}, divided by its scaling
   * factor.
   *
   * @param latents in row-major order
   * @param shape (batch, channels, height / downscale, width / downscale)
   * @return as {@link #decode}
   */
  public NDArray decodeUnscaled(float[] latents, Shape shape) {
    requireOpen();
    return pictureDecoding.decodeUnscaled(manager.create(latents, shape));
  }

  /** One decoded picture (1, 3, height, width) as pixels, rounded as diffusers does. */
  public static BufferedImage toPicture(NDArray decoded) {
    return PictureTensor.toPicture(decoded);
  }

  /** The tokenizer, which knows the new words, too. */
  public ChatGlmTokenizer tokenizer() {
    return words.tokenizer();
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
    return networks.vae();
  }

  /** The networks' configurations, which are known before any is loaded. */
  public ModelConfig config() {
    return config;
  }

  /** Takes text encoder and UNet out of memory until they are used again. */
  public void unload() {
    requireOpen();
    networks.unload();
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
    List<String> adapters = networks.adapterTexts();
    return "KolorsPipeline of %s, %d×%d, %s, %s"
        .formatted(
            folder,
            config.pictureSize(),
            config.pictureSize(),
            precision.label(),
            adapters.isEmpty() ? "no LoRA" : "LoRA: " + String.join("; ", adapters));
  }

  /** Frees the model, and every array of this pipeline that is still open. */
  @Override
  public void close() {
    manager.close();
  }
}
