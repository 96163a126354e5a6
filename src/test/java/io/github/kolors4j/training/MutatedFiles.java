package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.AestheticsPredictor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.model.TokenizerException;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.pipeline.LatentsFile;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.ReadFailure;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import io.github.kolors4j.scheduler.SchedulerType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Damages files of one kind in many ways and uses each; a program of its own, since what this looks
 * for are ends of the process. It prints a line for each file, before and after it is used, and
 * ends with 1 if one was answered by anything but use or a clear refusal.
 *
 * <p>Arguments: how many files of each kind, the first seed, then the kinds' names; none for all.
 */
final class MutatedFiles {
  private static final long MAX_NANOSECONDS = 5_000_000_000L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** The exceptions of this library's that a file may be answered with. */
  private static final List<Class<? extends RuntimeException>> REFUSALS =
      List.of(
          WeightsException.class,
          LoraException.class,
          TokenizerException.class,
          TrainingException.class);

  private final Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final UNet unet = UNet.load(TINY.resolve("unet"), manager);
  private final ChatGlm encoder = ChatGlm.load(TINY.resolve("text_encoder"), manager);
  private final UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
  private final ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(TINY.resolve("tokenizer"));
  private int problems;

  /** Damages a file. */
  @FunctionalInterface
  private interface Damage {
    byte[] of(Mutations mutations, byte[] original) throws IOException;
  }

  /** Uses a file as the library does. */
  @FunctionalInterface
  private interface Use {
    void of(Path file, NDManager manager) throws IOException;
  }

  private record Kind(Path original, Damage damage, Use use) {}

  private MutatedFiles(Path folder) {
    this.folder = folder;
  }

  /** The kinds of files by name, each with its original in the folder. */
  private Map<String, Kind> kinds() {
    Path lora = Golden.path("lora_files");
    Damage safetensors = Mutations::ofSafetensors;
    Damage torch = Mutations::ofTorch;
    Damage json = Mutations::ofJson;
    Damage bytes = Mutations::ofBytes;
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put(
        "unet",
        new Kind(
            model("unet/diffusion_pytorch_model.safetensors"),
            safetensors,
            (file, scope) -> useUnet(file.getParent(), scope)));
    kinds.put("lora", new Kind(copy(lora, "diffusers.safetensors"), safetensors, this::useLora));
    kinds.put("kohya", new Kind(copy(lora, "kohya.safetensors"), safetensors, this::useLora));
    Path interchange = Golden.path("interchange");
    kinds.put(
        "dora", new Kind(copy(interchange, "dora.kohya.safetensors"), safetensors, this::useLora));
    kinds.put(
        "lora-metadata",
        new Kind(
            copy(interchange, "alpha-pattern.diffusers.safetensors"), safetensors, this::useLora));
    kinds.put(
        "encoder-lora",
        new Kind(
            copy(interchange, "text-encoder.diffusers.safetensors"), safetensors, this::useLora));
    Path peft = interchange.resolve("alpha-pattern.peft-folder");
    Path config = copy(peft, "adapter_config.json");
    copy(peft, "adapter_model.safetensors", config.getParent());
    kinds.put(
        "peft-config", new Kind(config, json, (file, scope) -> useLora(file.getParent(), scope)));
    kinds.put("torch-lora", new Kind(copy(lora, "diffsynth.ckpt"), torch, this::useLora));
    kinds.put(
        "torch-encoder",
        new Kind(
            model("text_encoder/pytorch_model-00002-of-00002.bin"),
            torch,
            (file, scope) -> useEncoder(file.getParent(), scope)));
    kinds.put(
        "tokenizer",
        new Kind(
            copy(Path.of("data/models/kolors-mini/tokenizer"), "tokenizer.model"),
            bytes,
            (file, scope) -> ChatGlmTokenizer.load(file.getParent()).encode("二次元 a boy 😀")));
    kinds.put(
        "tokenizer-options",
        new Kind(
            model("tokenizer/tokenizer_config.json"),
            json,
            (file, scope) -> ChatGlmTokenizer.load(file.getParent()).encode("二次元")));
    kinds.put(
        "unet-config",
        new Kind(
            model("unet/config.json"),
            json,
            (file, scope) -> {
              useUnet(file.getParent(), scope);
              new UNetNames(UNetConfig.read(file.getParent()));
            }));
    kinds.put(
        "encoder-config",
        new Kind(
            model("text_encoder/config.json"),
            json,
            (file, scope) -> useEncoder(file.getParent(), scope)));
    kinds.put(
        "index",
        new Kind(
            model("text_encoder/pytorch_model.bin.index.json"),
            json,
            (file, scope) -> useEncoder(file.getParent(), scope)));
    kinds.put(
        "vae-config",
        new Kind(model("vae/config.json"), json, (file, scope) -> useVae(file.getParent(), scope)));
    kinds.put(
        "scheduler",
        new Kind(
            model("scheduler/scheduler_config.json"), json, (file, scope) -> useScheduler(file)));
    Path clip = Golden.path("clip/shunk031/aesthetics-predictor-v1-tiny");
    Path clipFolder = folder.resolve("clip");
    for (String name : List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
      kinds.put(
          "clip-" + name,
          new Kind(
              copy(clip, name, clipFolder),
              name.endsWith("json") ? json : safetensors,
              (file, scope) -> useClip(file.getParent())));
    }
    kinds.put(
        "latents",
        new Kind(
            latents(),
            safetensors,
            (file, scope) -> LatentsFile.readNoise(file, new Shape(1, 4, 2, 2))));
    kinds.put(
        "training-state", new Kind(trainingState(), safetensors, MutatedFiles::useTrainingState));
    return kinds;
  }

  private Path model(String name) {
    return folder.resolve("model").resolve(name);
  }

  private Path copy(Path from, String name) {
    return copy(from, name, folder.resolve(name + " alone"));
  }

  private static Path copy(Path from, String name, Path to) {
    try {
      return Files.copy(from.resolve(name), Files.createDirectories(to).resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void copyModel() throws IOException {
    try (Stream<Path> files = Files.walk(TINY)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path copy = model(TINY.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private Path latents() {
    Path file = folder.resolve("latents.safetensors");
    float[] numbers = new TorchRandom(0).randn(1, 4, 2, 2);
    LatentsFile.write(file, numbers, numbers, new Shape(1, 4, 2, 2));
    return file;
  }

  private static void useClip(Path clipFolder) {
    try (AestheticsPredictor predictor = AestheticsPredictor.load(clipFolder)) {
      predictor.score(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB));
    }
  }

  private Path trainingState() {
    Path file = folder.resolve("training_state.safetensors");
    LossHistory history = new LossHistory();
    history.add(new LossHistory.Row(0, 0, Float.NaN, 0.5f, Double.NaN));
    history.add(new LossHistory.Row(1, 0, 0.25f, Float.NaN, 1e-4));
    new SavedTraining(
            file,
            1,
            Map.of("lora_rank", 4, "precision", "32", "learning_rate", 1e-4),
            false,
            8,
            Map.of("optimiser.steps", 1.0),
            new TorchRandom(0),
            history)
        .write(stateArrays());
    return file;
  }

  private Map<String, NDArray> stateArrays() {
    return Map.of(
        "parameter.a",
        manager.arange(12f).reshape(3, 4),
        "optimiser.a.mean",
        manager.ones(new Shape(3, 4)));
  }

  private static void useTrainingState(Path file, NDManager scope) {
    SavedTraining saved = SavedTraining.read(file);
    saved.differences(Map.of("lora_rank", 4));
    saved.requireWithin(10);
    saved.number("optimiser.steps");
    saved.random().randn(3);
    Map<String, NDArray> live = Map.of("parameter.a", scope.zeros(new Shape(3, 4)));
    Optimizer.copy(saved.arrays(live, scope), live);
  }

  private void useUnet(Path unetFolder, NDManager scope) {
    try (UNet loaded = UNet.load(UNetConfig.read(unetFolder), unetFolder, scope)) {
      UNetConfig config = loaded.config();
      NDArray latents = scope.ones(new Shape(1, config.inChannels(), 8, 8));
      NDArray text = scope.ones(new Shape(1, 4, config.encoderHidDim()));
      NDArray pooled = scope.ones(new Shape(1, config.encoderHidDim()));
      var conditioning = new UNet.Conditioning(text, pooled, scope.ones(new Shape(1, 6)));
      loaded.forward(latents, scope.create(new float[] {1}), conditioning);
    }
  }

  private void useVae(Path vaeFolder, NDManager scope) {
    try (Autoencoder vae = Autoencoder.load(vaeFolder, scope)) {
      vae.decode(scope.ones(new Shape(1, vae.config().latentChannels(), 2, 2)));
      long side = vae.config().downscale() * 2L;
      vae.encode(scope.ones(new Shape(1, 3, side, side)));
    }
  }

  private void useEncoder(Path encoderFolder, NDManager scope) {
    try (ChatGlm encoder = ChatGlm.load(encoderFolder, scope)) {
      TokenizedPrompt prompt = tokenizer.encode("二次元", 8);
      encoder.encode(
          scope.create(prompt.inputIds(), new Shape(1, 8)),
          scope.create(prompt.attentionMask(), new Shape(1, 8)),
          scope.create(prompt.positionIds(), new Shape(1, 8)));
    }
  }

  private void useLora(Path file, NDManager scope) {
    try (ModelLora lora = ModelLora.read(file, scope, names)) {
      attach(file.toString(), LoraAdapters.on(unet), lora.unet());
      attach(file.toString(), LoraAdapters.on(encoder), lora.textEncoder());
    }
  }

  private static void attach(String name, LoraAdapters adapters, LoraWeights weights) {
    if (weights != null) {
      adapters.attach(name, weights.withAlpha(2), 1);
      adapters.merge();
      adapters.unmerge();
      adapters.detach(name);
    }
  }

  /** The pipeline and the training report what this throws as their own. */
  private static void useScheduler(Path file) {
    SchedulerConfig config;
    try {
      config = SchedulerConfig.read(file);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(e.getMessage(), e);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
    for (SchedulerType type : SchedulerType.values()) {
      Scheduler scheduler = type.create(config);
      try (Sampling sampling = scheduler.begin(4)) {
        sampling.timesteps();
      } catch (IllegalArgumentException tooManySteps) {
        // for these noise levels: whoever asked for so many is told
      }
    }
  }

  private void damage(String name, Kind kind, int count, long firstSeed) throws IOException {
    byte[] original = Files.readAllBytes(kind.original());
    Path kept = folder.resolve("original");
    Files.move(kind.original(), kept, StandardCopyOption.REPLACE_EXISTING);
    Files.write(kind.original(), original);
    if (!use(name + " as it is", kind)) {
      return;
    }
    int used = 0;
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      Files.write(kind.original(), kind.damage().of(new Mutations(seed), original));
      used += use(name + " " + seed, kind) ? 1 : 0;
    }
    Files.move(kept, kind.original(), StandardCopyOption.REPLACE_EXISTING);
    System.out.printf("%s: %d used, %d refused%n", name, used, count - used);
  }

  /** Whether a file could be used; otherwise it was refused, rightly or not. */
  private boolean use(String what, Kind kind) {
    System.out.println("> " + what);
    // The thread's own time: another program's load is no hang.
    long start = THREADS.getCurrentThreadCpuTime();
    Thread watch = watch(what, Thread.currentThread());
    try (NDManager scope = NDManager.newBaseManager()) {
      kind.use().of(kind.original(), scope);
      return true;
    } catch (Throwable e) {
      boolean known = REFUSALS.contains(e.getClass());
      String message = String.valueOf(e.getMessage());
      if (!known || what.endsWith("as it is")) {
        problem(what, e);
      } else if (!message.contains(folder.toString()) || message.length() < 40) {
        problem(what + " is refused without its name, or a reason", e);
      } else if (Boolean.getBoolean("messages")) {
        System.out.println("  " + message);
      }
      return false;
    } finally {
      watch.interrupt();
      long took = THREADS.getCurrentThreadCpuTime() - start;
      if (took > MAX_NANOSECONDS) {
        problem(what + " took " + took / 1_000_000 + " ms", null);
      }
    }
  }

  /** Says where a thread is that does not end, and ends the process. */
  private static Thread watch(String what, Thread watched) {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(120_000);
                System.out.println("! " + what + " does not end; it is at:");
                for (StackTraceElement frame : watched.getStackTrace()) {
                  System.out.println("    " + frame);
                }
                Runtime.getRuntime().halt(3);
              } catch (InterruptedException ended) {
                // in time
              }
            });
    watch.setDaemon(true);
    watch.start();
    return watch;
  }

  private void problem(String what, Throwable e) {
    problems++;
    System.out.println("! " + what + ": " + e);
    if (e != null) {
      e.printStackTrace(System.out);
    }
  }

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    List<String> wanted = List.of(arguments).subList(2, arguments.length);
    Path folder = Files.createTempDirectory("mutated");
    MutatedFiles program = new MutatedFiles(folder);
    program.copyModel();
    for (Map.Entry<String, Kind> kind : program.kinds().entrySet()) {
      if (wanted.isEmpty() || wanted.contains(kind.getKey())) {
        program.damage(kind.getKey(), kind.getValue(), count, seed);
      }
    }
    program.manager.close();
    System.out.println(program.problems + " problems");
    System.exit(program.problems == 0 ? 0 : 1);
  }
}
