package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes kolors-mini from a corpus of captioned pictures: vocabulary, autoencoder, text encoder,
 * latents, UNet, the decoder once more, and the model folder. Every stage saves checkpoints, and an
 * interrupted run goes on where it was when it is started again.
 */
final class MiniTraining {
  private static final int PICTURE_SIZE = 256;
  private static final int LATENT_SIZE = PICTURE_SIZE / AutoencoderTraining.CONFIG.downscale();
  private static final int LATENT_LENGTH =
      AutoencoderTraining.CONFIG.latentChannels() * LATENT_SIZE * LATENT_SIZE;

  /** Pictures that the autoencoder sees of each style; they are held in memory. */
  private static final int AUTOENCODER_PICTURES = 600;

  /** The style that most captions describe. */
  private static final String MAIN_STYLE = "avataaars";

  /** Pictures that the decoder is trained on of each kind of eyes in the main style. */
  private static final int DECODER_PICTURES = 600;

  private static final int ENCODE_BATCH = 8;

  private final Path work;
  private final Path model;
  private final Corpus corpus;
  private final Steps steps;
  private @Nullable Path autoencoderStart;
  private int keptLatentChannels;
  private @Nullable Path textEncoderStart;
  private @Nullable Path unetStart;
  private double textEncoderRate = 2e-3;
  private double unetRate = 1e-3;

  /** How long each network is trained. */
  public record Steps(long autoencoder, long textEncoder, long unet, long decoder) {}

  /**
   * @param corpus rendered by {@code data/generator}
   * @param work for checkpoints and latents
   * @param model where the finished model folder is written
   */
  public MiniTraining(Path corpus, Path work, Path model, Steps steps) {
    this.corpus = Corpus.read(corpus);
    this.work = work;
    this.model = model;
    this.steps = steps;
  }

  /**
   * Trains the VAE of a model folder further, instead of one with random weights.
   *
   * @param keptChannels how many latent channels shall stay what they are
   */
  public MiniTraining autoencoderStart(@Nullable Path folder, int keptChannels) {
    autoencoderStart = folder;
    keptLatentChannels = keptChannels;
    return this;
  }

  /**
   * How the text encoder is trained.
   *
   * @param start what it begins with ({@link StartingWeights}); null for random weights
   * @param rate the highest learning rate
   */
  public MiniTraining textEncoder(@Nullable Path start, double rate) {
    textEncoderStart = start;
    textEncoderRate = rate;
    return this;
  }

  /** How the UNet is trained, as {@link #textEncoder}. */
  public MiniTraining unet(@Nullable Path start, double rate) {
    unetStart = start;
    unetRate = rate;
    return this;
  }

  /**
   * Runs all stages.
   *
   * @param fullTokenizer folder of the published ChatGLM3 tokenizer
   * @param prompts further texts whose words the small vocabulary keeps
   */
  public void run(Path fullTokenizer, List<String> prompts) {
    prune(fullTokenizer, prompts);
    trainAutoencoder();
    trainTextEncoder();
    encodePictures();
    trainUNet();
    trainDecoder();
    export();
  }

  /** Keeps of the tokenizer's vocabulary what captions and prompts use. */
  public void prune(Path fullTokenizer, List<String> prompts) {
    List<String> texts = new ArrayList<>(captions());
    texts.addAll(prompts);
    VocabularyPruning.prune(fullTokenizer, texts, tokenizerFolder());
  }

  public void trainAutoencoder() {
    AutoencoderTraining training = new AutoencoderTraining(work, steps.autoencoder());
    Path start = autoencoderStart;
    if (start == null) {
      training.train(autoencoderPictures(), AutoencoderTraining::untrained, 1.2e-3, 0);
    } else {
      training.train(
          autoencoderPictures(),
          owner -> Autoencoder.load(AutoencoderTraining.CONFIG, start, owner),
          5e-4, // a higher rate would undo what it knows
          keptLatentChannels);
    }
  }

  /** Trains the autoencoder's decoder further, for the latents that the encoder gives by now. */
  public void trainDecoder() {
    try (NDManager manager = PyTorch.manager();
        Autoencoder vae =
            new Autoencoder(
                AutoencoderTraining.CONFIG, weights(averages("vae", manager), manager))) {
      new DecoderTraining(work, steps.decoder()).train(vae, decoderPictures());
    }
  }

  /**
   * Each kind of eyes of a style as often as the others, some of which few pictures have; and most
   * often those of the style of which a prompt can ask for any.
   */
  private Crops decoderPictures() {
    Map<String, List<Corpus.Entry>> kinds = new TreeMap<>();
    for (Corpus.Entry entry : autoencoderEntries()) {
      String kind = entry.style() + " " + entry.attributes().get("eyes");
      kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(entry);
    }
    List<byte[]> pictures = new ArrayList<>();
    for (List<Corpus.Entry> kind : kinds.values()) {
      boolean main = kind.get(0).style().equals(MAIN_STYLE);
      int wanted = main ? DECODER_PICTURES : DECODER_PICTURES / 6;
      int distinct = Math.min(wanted, kind.size());
      int start = pictures.size();
      kind.subList(0, distinct).forEach(entry -> pictures.add(corpus.pixels(entry)));
      for (int i = distinct; i < wanted; i++) {
        pictures.add(pictures.get(start + i % distinct));
      }
    }
    return new Crops(pictures, PICTURE_SIZE);
  }

  /** The LoRA's style, too: the published autoencoder is as general. */
  private List<Corpus.Entry> autoencoderEntries() {
    List<Corpus.Entry> entries = new ArrayList<>(corpus.split("train"));
    entries.addAll(corpus.split("lora"));
    return entries;
  }

  private Crops autoencoderPictures() {
    List<byte[]> pictures = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    List<Corpus.Entry> shuffled = new ArrayList<>(autoencoderEntries());
    Collections.shuffle(shuffled, new Random(5));
    for (Corpus.Entry entry : shuffled) {
      if (seen.merge(entry.style(), 1, Integer::sum) <= AUTOENCODER_PICTURES) {
        pictures.add(corpus.pixels(entry));
      }
    }
    return new Crops(pictures, PICTURE_SIZE);
  }

  public void trainTextEncoder() {
    new TextEncoderTraining(work, steps.textEncoder(), textEncoderRate, textEncoderStart)
        .train(tokenizer(), corpus.entries());
  }

  /** Encodes the pictures that the UNet learns from: all of the split "train". */
  public void encodePictures() {
    if (Files.exists(latentsFile())) {
      return;
    }
    List<Corpus.Entry> entries = corpus.split("train");
    float[] latents = new float[entries.size() * LATENT_LENGTH];
    try (NDManager manager = PyTorch.manager();
        Gradients off = Gradients.disable();
        Autoencoder vae =
            new Autoencoder(
                AutoencoderTraining.CONFIG, weights(averages("vae", manager), manager))) {
      for (int i = 0; i < entries.size(); i += ENCODE_BATCH) {
        int count = Math.min(ENCODE_BATCH, entries.size() - i);
        try (NDManager scope = manager.newSubManager()) {
          List<byte[]> planes =
              entries.subList(i, i + count).parallelStream().map(corpus::pixels).toList();
          NDArray pictures = new Crops(planes, PICTURE_SIZE).whole(scope);
          NDArray moments = vae.encode(TensorOperators.fastType(pictures));
          float[] values = vae.mean(TensorOperators.float32(moments)).toFloatArray();
          System.arraycopy(values, 0, latents, i * LATENT_LENGTH, values.length);
        }
      }
      int channels = AutoencoderTraining.CONFIG.latentChannels();
      SafetensorsWriter.write(
          latentsFile(),
          Map.of("latents", manager.create(latents, new Shape(entries.size(), LATENT_LENGTH))),
          LatentStatistics.of(latents, channels, LATENT_LENGTH).metadata());
    }
  }

  public void trainUNet() {
    List<Corpus.Entry> entries = corpus.split("train");
    List<UNetTraining.Example> examples = new ArrayList<>();
    try (NDManager manager = PyTorch.manager();
        SafetensorsFile file = SafetensorsFile.open(latentsFile());
        ChatGlm encoder =
            new ChatGlm(
                TextEncoderTraining.config(tokenizer().vocabularySize()),
                weights(textEncoder(manager), manager))) {
      LatentStatistics statistics = statistics();
      float[] latents = file.read("latents", manager).toFloatArray();
      for (int i = 0; i < entries.size(); i++) {
        float[] own = Arrays.copyOfRange(latents, i * LATENT_LENGTH, (i + 1) * LATENT_LENGTH);
        examples.add(
            new UNetTraining.Example(statistics.normalise(own), entries.get(i).captions()));
      }
      new UNetTraining(work, steps.unet(), unetRate, unetStart)
          .train(tokenizer(), encoder, examples, LATENT_SIZE, PICTURE_SIZE);
    }
  }

  /** Writes the averaged weights of the last checkpoints as a model folder. */
  public void export() {
    MiniModelFolder folder = new MiniModelFolder(model);
    try (NDManager manager = PyTorch.manager()) {
      folder.writeIndex();
      folder.writeAutoencoder(
          AutoencoderTraining.CONFIG,
          1,
          PICTURE_SIZE,
          statistics().foldInto(autoencoder(manager), manager));
      folder.writeTextEncoder(
          TextEncoderTraining.config(tokenizer().vocabularySize()), textEncoder(manager), manager);
      folder.writeUNet(UNetTraining.CONFIG, LATENT_SIZE, averages("unet", manager));
    }
  }

  /** The encoder as the latents were made with it, and the decoder that was trained longer. */
  private Map<String, NDArray> autoencoder(NDManager manager) {
    Map<String, NDArray> weights = averages("vae", manager);
    Checkpoints decoder = new Checkpoints(work.resolve("vae_decoder"));
    if (decoder.steps() > 0) {
      weights.putAll(decoder.averages(manager));
    }
    return weights;
  }

  private LatentStatistics statistics() {
    try (SafetensorsFile file = SafetensorsFile.open(latentsFile())) {
      return LatentStatistics.read(file.metadata());
    }
  }

  private List<String> captions() {
    return corpus.entries().stream().flatMap(entry -> entry.captions().stream()).toList();
  }

  private Path tokenizerFolder() {
    return model.resolve("tokenizer");
  }

  private ChatGlmTokenizer tokenizer() {
    return ChatGlmTokenizer.load(tokenizerFolder());
  }

  private Path latentsFile() {
    return work.resolve("latents.safetensors");
  }

  private Map<String, NDArray> averages(String network, NDManager manager) {
    return new Checkpoints(work.resolve(network)).averages(manager);
  }

  /** The encoder without the classifiers that were trained beside it. */
  private Map<String, NDArray> textEncoder(NDManager manager) {
    Map<String, NDArray> weights = averages("text_encoder", manager);
    weights.keySet().removeIf(name -> name.startsWith(TextEncoderTraining.HEADS));
    return weights;
  }

  /** Tensors as a network takes them. */
  private static Weights weights(Map<String, NDArray> tensors, NDManager manager) {
    WeightSource source =
        new WeightSource() {
          @Override
          public Set<String> names() {
            return tensors.keySet();
          }

          @Override
          public NDArray read(String name, Shape shape, NDManager owner) {
            NDArray tensor = Objects.requireNonNull(tensors.get(name), name);
            tensor.attach(owner);
            return tensor;
          }
        };
    return new Weights(source, manager.newSubManager());
  }
}
