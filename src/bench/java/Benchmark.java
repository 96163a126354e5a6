import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.cli.Kolors4j;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;

/**
 * This library's side of environment/bench model; benchmark.py beside it is Python's.
 *
 * <pre>
 * Benchmark dataset MODEL FOLDER LORA   writes the 32 pictures that both sides train on, and a LoRA in
 *                                       diffusers' format that was trained on them for a few steps
 * Benchmark serve MODEL DATASET LORA    waits for lines, each the name of a work (see benchmark.py),
 *                                       does it once and answers with the seconds that it took;
 *                                       "memory" is answered with megabytes
 * Benchmark picture MODEL               draws one picture and ends, for the time from start to picture
 * </pre>
 */
class Benchmark implements AutoCloseable {
  static final int STEPS = 10; // of training, and of a network alone, that one work makes

  private interface Work {
    void run() throws Exception;
  }

  private final Path model;
  private final Path dataset;
  private final Path lora;
  private final NDManager manager = PyTorch.manager();
  private final Map<String, Work> works = new HashMap<>();
  private KolorsPipeline pipeline;

  Benchmark(Path model, Path dataset, Path lora) {
    this.model = model;
    this.dataset = dataset;
    this.lora = lora;
  }

  public static void main(String[] args) throws Exception {
    Path model = Path.of(args[1]);
    switch (args[0]) {
      case "dataset" -> {
        writeDataset(ModelFolder.of(model), Path.of(args[2]));
        writeLora(model, Path.of(args[2]), Path.of(args[3]));
      }
      case "picture" -> {
        try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(model))) {
          pipeline.generate(prompt());
        }
      }
      case "serve" -> {
        try (Benchmark benchmark = new Benchmark(model, Path.of(args[2]), Path.of(args[3]))) {
          benchmark.serve();
        }
        System.exit(0); // trainings wait for ever
      }
      default -> throw new IllegalArgumentException("dataset, serve or picture, not " + args[0]);
    }
  }

  private void serve() throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    System.out.println("ready");
    for (String name = lines.readLine(); name != null; name = lines.readLine()) {
      if (name.equals("memory")) {
        System.out.println(residentMegabytes());
        continue;
      }
      Work work = works.get(name);
      if (work == null) {
        work = work(name);
        works.put(name, work);
      }
      long start = System.nanoTime();
      work.run();
      System.out.println(String.format(Locale.ROOT, "%.6f", (System.nanoTime() - start) / 1e9));
    }
  }

  private Work work(String name) throws Exception {
    String[] words = name.split(" ");
    return switch (words[0]) {
      case "picture" -> () -> pipeline().generate(prompt());
      case "picture-lora" -> {
        KolorsPipeline adapted =
            KolorsPipeline.load(ModelFolder.of(model)).add(Lora.of(lora).alpha(4));
        yield () -> adapted.generate(prompt());
      }
      case "text" -> () -> pipeline().encodePrompt(prompt()).close();
      case "decode" -> {
        NDArray latents = manager.randomNormal(pipeline().latentShape(pipeline().settle(prompt())));
        yield () -> pipeline().decode(latents).close();
      }
      case "encode" -> {
        var picture = pipeline().generate(prompt()).image();
        yield () -> pipeline().encode(picture).close();
      }
      case "unet" -> unet(UNet.load(ModelFolder.of(model).unet(), manager), integer(words[1]), "fp32");
      case "train" -> training(integer(words[1]), words.length > 2);
      case "full-size-unet" -> unet(fullSizeLevel(words[1]), 1, words[1]);
      case "full-size-text" -> fullSizeText(words[1]);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int integer(String word) {
    return Integer.parseInt(word);
  }

  private KolorsPipeline pipeline() {
    if (pipeline == null) {
      pipeline = KolorsPipeline.load(ModelFolder.of(model));
    }
    return pipeline;
  }

  private static Prompt prompt() {
    return Prompt.of("二次元，一个蓝色中分小男孩穿着蓝色背带裤，在练习室练习唱歌")
        .negative("丑陋、变形、嘈杂、模糊、低对比度")
        .seed(0)
        .cfgScale(4)
        .steps(50);
  }

  /** Steps of a UNet whose text is as long as diffusers' pipeline gives it. */
  private Work unet(UNet unet, int batch, String precision) {
    UNetConfig config = unet.config();
    Precision type = Precision.named(precision);
    int size = config.sampleSize();
    NDArray latents =
        type.convert(manager.randomNormal(new Shape(batch, config.inChannels(), size, size)));
    NDArray timesteps = manager.full(new Shape(batch), 500f);
    UNet.Conditioning conditioning =
        new UNet.Conditioning(
            type.convert(manager.randomNormal(new Shape(batch, 256, config.encoderHidDim()))),
            manager.randomNormal(new Shape(batch, config.encoderHidDim())),
            manager.full(new Shape(batch, 6), 256f));
    int steps = config.blockOutChannels()[0] > 256 ? 1 : STEPS;
    return () -> {
      try (Gradients off = Gradients.disable()) {
        for (int i = 0; i < steps; i++) {
          unet.forward(latents, timesteps, conditioning).close();
        }
      }
    };
  }

  /** Random weights, held in the precision that is computed with. */
  private Weights weights(String precision) {
    Precision type = Precision.named(precision);
    InitialWeights random = new InitialWeights(1, Set.of());
    WeightSource typed =
        new WeightSource() {
          @Override
          public Set<String> names() {
            return random.names();
          }

          @Override
          public NDArray read(String name, Shape shape, NDManager owner) {
            NDArray wide = random.read(name, shape, owner);
            if (type == Precision.FLOAT32) {
              return wide; // its numbers are Java's: another handle on them would not keep them
            }
            try (wide) {
              return type.convert(wide);
            }
          }
        };
    return new Weights(typed, manager.newSubManager());
  }

  /** One level of Kolors' UNet with two transformer blocks, at latents of 64×64. */
  private UNet fullSizeLevel(String precision) {
    UNetConfig config =
        new UNetConfig(
            4, new int[] {640}, 1, new boolean[] {true}, new int[] {2}, new int[] {10}, 2048, 4096,
            256, 4096 + 6 * 256, 32, 1e-5, 64);
    return new UNet(config, weights(precision));
  }

  /** One layer of ChatGLM3, 256 tokens. */
  private Work fullSizeText(String precision) {
    ChatGlmConfig config = new ChatGlmConfig(512, 4096, 1, 32, 2, 128, 13696, 1e-5, true);
    ChatGlm encoder = new ChatGlm(config, weights(precision));
    NDArray ids = manager.ones(new Shape(1, 256)).toType(DataType.INT64, true);
    NDArray positions = manager.arange(256).reshape(1, 256).toType(DataType.INT64, true);
    return () -> {
      try (Gradients off = Gradients.disable();
          var encoding = encoder.encode(ids, ids, positions, Precision.named(precision))) {
        encoding.tokens();
      }
    };
  }

  /** Ten steps at a time of a training that goes on in a thread of its own. */
  private Work training(int batch, boolean checkpointing) throws IOException {
    SynchronousQueue<String> turns = new SynchronousQueue<>();
    int[] made = {0};
    TrainingListener inTurns =
        new TrainingListener() {
          @Override
          public void step(TrainingProgress progress) {
            if (++made[0] % STEPS == 0) {
              hand(turns, "done");
              take(turns);
            }
          }
        };
    LoraTraining training =
        training(model, dataset)
            .batchSize(batch)
            .validation(0, 0)
            .useGradientCheckpointing(checkpointing)
            .stepsPerEpoch(1_000_000)
            .listener(inTurns);
    Thread thread = new Thread(training::train, "training");
    thread.setDaemon(true);
    thread.start();
    take(turns);
    return () -> {
      hand(turns, "go on");
      take(turns);
    };
  }

  /** The course's LoRA, for whichever batch and steps. */
  private static LoraTraining training(Path model, Path dataset) throws IOException {
    return LoraTraining.on(model)
        .dataset(dataset)
        .outputPath(Files.createTempDirectory("benchmark"))
        .loraRank(16)
        .loraAlpha(4);
  }

  private static void hand(SynchronousQueue<String> turns, String word) {
    try {
      turns.put(word);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void take(SynchronousQueue<String> turns) {
    try {
      turns.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static void writeLora(Path model, Path dataset, Path file) throws IOException {
    Path trained = training(model, dataset).stepsPerEpoch(20).train().checkpoint();
    Files.createDirectories(file.getParent());
    Kolors4j.main(
        new String[] {"convert", "-m", model.toString(), "--lora-alpha", "4", "--to", "diffusers", trained.toString(), file.toString()});
  }

  private static void writeDataset(ModelFolder model, Path folder) throws IOException {
    int size = UNetConfig.read(model.unet()).sampleSize() * AutoencoderConfig.read(model.vae()).downscale();
    StringBuilder csv = new StringBuilder("file_name,text\n");
    int written = 0;
    for (CaptionedPicture picture : CaptionedImages.load("kolors4j/avatars")) {
      try {
        var header = PictureHeader.read(picture.file());
        if (Math.min(header.width(), header.height()) < 1024 || header.aspectRatio() > 2) {
          continue;
        }
        var cropped = Pictures.centerCrop(Pictures.cover(picture.read(), size, size), size, size);
        PictureFile.write(cropped, folder.resolve("train/" + written + ".png"));
        csv.append(written).append(".png,").append(picture.caption()).append('\n');
      } catch (PictureException e) {
        continue; // some of the set are broken on purpose
      }
      if (++written == 32) {
        break;
      }
    }
    Files.writeString(folder.resolve("train/metadata.csv"), csv);
  }

  @Override
  public void close() {
    manager.close();
    if (pipeline != null) {
      pipeline.close();
    }
  }
}
