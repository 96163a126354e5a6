import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures this library; environment/bench model runs it, and benchmark.py beside it does the same in
 * Python. Prints one line: what, the median seconds, and the peak of resident memory.
 *
 * <pre>
 * Benchmark dataset MODEL FOLDER    writes the 32 pictures that both sides train on
 * Benchmark generate MODEL          seconds per picture, 50 steps, guidance 4
 * Benchmark train MODEL FOLDER      seconds per LoRA training step, 4 pictures, rank 16
 * </pre>
 */
class Benchmark {
  private static final int PICTURES = 6; // the first warms up
  private static final int STEPS = 60;
  private static final int WARM_UP_STEPS = 10;

  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[1]);
    switch (args[0]) {
      case "dataset" -> writeDataset(ModelFolder.of(model), Path.of(args[2]));
      case "generate" -> report("generate", generate(ModelFolder.of(model)));
      case "train" -> report("train", train(model, Path.of(args[2])));
      default -> throw new IllegalArgumentException("dataset, generate or train, not " + args[0]);
    }
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

  private static List<Double> generate(ModelFolder model) {
    List<Double> seconds = new ArrayList<>();
    try (KolorsPipeline pipeline = KolorsPipeline.load(model)) {
      for (int i = 0; i < PICTURES; i++) {
        Prompt prompt =
            Prompt.of("二次元，一个蓝色中分小男孩穿着蓝色背带裤，在练习室练习唱歌")
                .negative("丑陋、变形、嘈杂、模糊、低对比度")
                .seed(i)
                .cfgScale(4)
                .steps(50);
        seconds.add(pipeline.generate(prompt).seconds());
      }
    }
    return seconds.subList(1, PICTURES);
  }

  private static List<Double> train(Path model, Path dataset) throws IOException {
    List<Double> seconds = new ArrayList<>();
    long[] last = {System.nanoTime()};
    TrainingListener clock =
        new TrainingListener() {
          @Override
          public void step(TrainingProgress progress) {
            seconds.add((System.nanoTime() - last[0]) / 1e9);
            last[0] = System.nanoTime();
          }
        };
    LoraTraining.on(model)
        .dataset(dataset)
        .outputPath(Files.createTempDirectory("benchmark"))
        .loraRank(16)
        .loraAlpha(4)
        .batchSize(4)
        .stepsPerEpoch(STEPS)
        .listener(clock)
        .train();
    return seconds.subList(WARM_UP_STEPS, STEPS - 1); // the last step saves
  }

  private static void report(String what, List<Double> seconds) throws IOException {
    List<Double> sorted = new ArrayList<>(seconds);
    Collections.sort(sorted);
    long kilobytes =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
    System.out.printf(
        Locale.ROOT,
        "{\"what\": \"%s\", \"by\": \"kolors4j\", \"seconds\": %.4f, \"megabytes\": %d}%n",
        what,
        sorted.get(sorted.size() / 2),
        kilobytes / 1024);
  }
}
