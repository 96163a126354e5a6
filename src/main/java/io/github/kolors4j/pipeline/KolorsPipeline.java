package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.image.PictureTensor;
import io.github.kolors4j.lora.LoraAdapters;
import io.github.kolors4j.lora.LoraFile;
import io.github.kolors4j.lora.LoraWeights;
import io.github.kolors4j.lora.TextEncoderLoraFile;
import io.github.kolors4j.lora.UNetLayout;
import io.github.kolors4j.lora.UNetNames;
import io.github.kolors4j.model.Autoencoder;
import io.github.kolors4j.model.AutoencoderConfig;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.model.ChatGlmTokenizer;
import io.github.kolors4j.model.TokenizedPrompt;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.weights.WeightsException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
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
  private final UNetNames layerNames;
  private final LoraAdapters adapters;

  /** Null until the text encoder gets an adapter. */
  private LoraAdapters textAdapters;

  /** The owners of the adapters' matrices that this pipeline has read from files. */
  private final List<NDManager> adapterMemory = new ArrayList<>();

  /** Each attached adapter with its settings, for the pictures' text. */
  private final List<String> adapterTexts = new ArrayList<>();

  private KolorsPipeline(ModelFolder folder, NDManager manager) {
    this.manager = manager;
    tokenizer = ChatGlmTokenizer.load(folder.tokenizer());
    schedulerConfig = schedulerConfig(folder);
    sampleSize = folder.sampleSize();
    textEncoder = ChatGlm.load(folder.textEncoder(), manager);
    unet = UNet.load(folder.unet(), manager);
    vae = Autoencoder.load(AutoencoderConfig.read(folder.vaeConfig()), folder.vae(), manager);
    layerNames = new UNetNames(UNetLayout.read(folder.unet().resolve("config.json")));
    adapters = LoraAdapters.on(unet);
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
   * Adds a LoRA from a file, in any of the five {@linkplain io.github.kolors4j.lora.LoraFormat
   * formats}, with the alpha that the file states.
   *
   * @return this pipeline
   * @throws io.github.kolors4j.lora.LoraException if the file is no LoRA for this model, or states
   *     no alpha (as DiffSynth-Studio's and peft's do)
   */
  public KolorsPipeline withLora(Path file) {
    return withLora(file, Double.NaN);
  }

  /**
   * Adds a LoRA from a file, as the course's {@code load_lora(path, lora_alpha=2.0)}.
   *
   * @param alpha its matrices are multiplied with alpha / rank: the alpha that it was trained with
   *     for its full effect, less for a part of it
   * @return this pipeline
   * @throws io.github.kolors4j.lora.LoraException if the file is no LoRA for this model
   */
  public KolorsPipeline withLora(Path file, double alpha) {
    NDManager memory = manager.newSubManager();
    try {
      LoraWeights weights = LoraFile.read(file, memory, layerNames);
      attach(file.getFileName().toString(), weights, alpha, 1);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
    adapterMemory.add(memory);
    return this;
  }

  /**
   * Adds a LoRA from memory, such as one that is being trained. Its matrices stay the caller's and
   * must live until {@link #withoutLora()}.
   *
   * @param alpha as in {@link #withLora(Path, double)}; NaN for what the weights state
   * @param weight multiplies its effect: 1 for all of it
   * @return this pipeline
   */
  public KolorsPipeline withLora(LoraWeights weights, double alpha, double weight) {
    attach("LoRA", weights, alpha, weight);
    return this;
  }

  /**
   * Adds a LoRA to the text encoder from a file, with the alpha that it states: what a training with
   * {@code trainTextEncoder} leaves beside the UNet's.
   *
   * @return this pipeline
   * @throws io.github.kolors4j.lora.LoraException if the file has none for this text encoder
   */
  public KolorsPipeline withTextEncoderLora(Path file) {
    NDManager memory = manager.newSubManager();
    try {
      withTextEncoderLora(TextEncoderLoraFile.read(file, memory), Double.NaN, 1);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
    adapterMemory.add(memory);
    return this;
  }

  /**
   * Adds a LoRA to the text encoder from memory. Its matrices stay the caller's and must live until
   * {@link #withoutLora()}.
   *
   * @param alpha as in {@link #withLora(Path, double)}; NaN for what the weights state
   * @param weight multiplies its effect: 1 for all of it
   * @return this pipeline
   */
  public KolorsPipeline withTextEncoderLora(LoraWeights weights, double alpha, double weight) {
    if (textAdapters == null) {
      textAdapters = LoraAdapters.on(textEncoder);
    }
    textAdapters.attach("LoRA " + (textAdapters.names().size() + 1), weights, alpha, weight);
    return this;
  }

  /** Takes all LoRAs off, which restores the model as it was loaded. */
  public KolorsPipeline withoutLora() {
    if (textAdapters != null) {
      textAdapters.names().forEach(textAdapters::detach);
    }
    for (String name : adapters.names()) {
      adapters.detach(name);
    }
    adapterMemory.forEach(NDManager::close);
    adapterMemory.clear();
    adapterTexts.clear();
    return this;
  }

  private void attach(String wanted, LoraWeights weights, double alpha, double weight) {
    String name = wanted;
    for (int i = 2; adapters.names().contains(name); i++) {
      name = wanted + " " + i;
    }
    adapters.attach(name, weights, alpha, weight);
    double stated = Double.isNaN(alpha) ? weights.alpha().orElse(Double.NaN) : alpha;
    String settings = Double.isNaN(stated) ? "" : ", alpha " + stated;
    adapterTexts.add(wanted + settings + (weight == 1 ? "" : ", weight " + weight));
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
          adapterTexts,
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
    List<String> texts = new ArrayList<>();
    if (prompt.guided()) {
      texts.add(prompt.negative() == null ? "" : prompt.negative());
    }
    texts.add(prompt.text());
    int length = ChatGlmTokenizer.MAX_LENGTH;
    long[][] rows = new long[3][texts.size() * length];
    List<String> warnings = new ArrayList<>();
    int padding = length;
    for (int i = 0; i < texts.size(); i++) {
      TokenizedPrompt tokens = tokenizer.encode(texts.get(i));
      System.arraycopy(tokens.inputIds(), 0, rows[0], i * length, length);
      System.arraycopy(tokens.attentionMask(), 0, rows[1], i * length, length);
      System.arraycopy(tokens.positionIds(), 0, rows[2], i * length, length);
      padding = Math.min(padding, length - tokens.length());
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
      return new PromptEmbeddings(encoding.tokens(), encoding.pooled(), padding, warnings);
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
      NDArray latents = new Denoising(unet, vae, settled, sampling, run).run(embeddings, listener);
      latents.attach(manager);
      return latents;
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
