import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.PipelineOptions;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.training.LoraRun;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import io.github.kolors4j.internal.weights.StorageType;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One measurement at full size, in a process of its own (see environment/bench full-size):
 *
 * <pre>
 * load FOLDER text_encoder|unet|vae TYPE
 * generate FOLDER LIMIT PICTURE       fails above LIMIT GiB of resident memory
 * train FOLDER LIMIT WORK             two steps of a LoRA; fails above LIMIT GiB
 * compare FOLDER FILE                 fails if the UNet's output is off by more than 1e-3
 * </pre>
 */
class FullSizeCheck {
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    ModelFolder folder = ModelFolder.of(Path.of(args[1]));
    String said =
        switch (args[0]) {
          case "load" -> load(folder, args[2], new LoadOptions(Precision.FLOAT32, StorageType.named(args[3])));
          case "generate" -> generate(folder, Double.parseDouble(args[2]), Path.of(args[3]));
          case "train" -> train(folder, Path.of(args[3]));
          case "compare" -> compare(folder, Path.of(args[2]));
          default -> throw new IllegalArgumentException("There is no check " + args[0]);
        };
    double peak = peakGibibytes();
    System.out.printf(
        Locale.ROOT,
        "%s; %.1f s, peak resident memory %.2f GiB%n",
        said,
        (System.nanoTime() - start) / 1e9,
        peak);
    if (List.of("generate", "train").contains(args[0]) && peak > Double.parseDouble(args[2])) {
      throw new IllegalStateException("That is more than the " + args[2] + " GiB allowed.");
    }
  }

  /** Loads one network, which fails if a weight is missing or left over. */
  private static String load(ModelFolder folder, String part, LoadOptions loading) {
    try (NDManager manager = NDManager.newBaseManager()) {
      int tensors =
          switch (part) {
            case "text_encoder" ->
                ChatGlm.load(folder.textEncoder(), manager, loading).weights().tensors().size();
            case "unet" -> UNet.load(folder.unet(), manager, loading).weights().tensors().size();
            default -> Autoencoder.load(folder.vae(), manager).weights().tensors().size();
          };
      return "%s held as %s: every key used, %d tensors held as they are"
          .formatted(part, loading.storageType().label(), tensors);
    }
  }

  private static String generate(ModelFolder folder, double limit, Path picture) {
    PipelineOptions options = KolorsPipeline.options().memory(limit);
    System.out.println(options.plan(folder));
    try (KolorsPipeline pipeline = options.load(folder)) {
      GeneratedPicture drawn =
          pipeline.generate(
              Prompt.of("二次元，一个蓝色中分小男孩").negative("模糊").seed(0).steps(2).size(256, 256),
              step -> {
                System.out.println("step " + step.step() + " of " + step.of());
                return true;
              });
      for (float value : drawn.latents()) {
        if (!Float.isFinite(value)) {
          throw new IllegalStateException("The latents have a value that is not finite: " + value);
        }
      }
      return "a picture: " + drawn.save(picture);
    }
  }

  /** Two steps at 256×256 with gradient checkpointing, as the course's trainer makes them. */
  private static String train(ModelFolder folder, Path work) throws IOException {
    Path train = Files.createDirectories(work.resolve("dataset/train"));
    BufferedImage picture = new BufferedImage(300, 280, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 300 * 280; i++) {
      picture.setRGB(i % 300, i / 300, i * 31);
    }
    PictureFile.write(picture, train.resolve("0.jpg"));
    Files.writeString(train.resolve("metadata.csv"), "file_name,text\n0.jpg,二次元，一个蓝色头发的男孩\n");
    LoraRun run =
        LoraTraining.on(folder)
            .dataset(work.resolve("dataset"))
            .outputPath(work)
            .loraRank(16)
            .loraAlpha(4)
            .height(256)
            .width(256)
            .centerCrop(true)
            .useGradientCheckpointing(true)
            .maxEpochs(1)
            .stepsPerEpoch(2)
            .listener(
                new TrainingListener() {
                  @Override
                  public void step(TrainingProgress progress) {
                    System.out.println(progress);
                  }

                  @Override
                  public void notice(String notice) {
                    System.out.println(notice);
                  }
                })
            .train();
    return "a LoRA: " + run.checkpoint();
  }

  /** The UNet on inputs of a file against the output in it. */
  private static String compare(ModelFolder folder, Path file) {
    try (NDManager manager = NDManager.newBaseManager();
        SafetensorsFile recorded = SafetensorsFile.open(file);
        UNet unet = UNet.load(folder.unet(), manager)) {
      UNet.Conditioning conditioning =
          new UNet.Conditioning(
              recorded.read("text", manager),
              recorded.read("pooled", manager),
              recorded.read("sizes", manager));
      NDArray output =
          unet.forward(
              recorded.read("sample", manager), recorded.read("timestep", manager), conditioning);
      NDArray expected = recorded.read("output", manager);
      float share =
          output.sub(expected).abs().max().getFloat() / expected.abs().max().getFloat();
      if (!(share < 1e-3)) {
        throw new IllegalStateException(
            "The UNet's output is off by " + share + " of its largest value.");
      }
      return "the UNet's output is diffusers' within %.2e of its largest value".formatted(share);
    }
  }

  private static double peakGibibytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / (double) (1 << 20);
      }
    }
    return Double.NaN;
  }
}
