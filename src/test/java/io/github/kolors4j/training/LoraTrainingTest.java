package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.dataset.DatasetException;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.progress.WorkWatcher;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.TorchFile;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings of the tiny Kolors on a few drawn pictures. */
class LoraTrainingTest {
  @TempDir Path folder;
  private Path dataset;

  @BeforeEach
  void drawPictures() throws IOException {
    dataset = Files.createDirectories(folder.resolve("data"));
    draw(dataset, 4);
  }

  /** Writes pictures of several shapes and {@code metadata.csv} as the course does. */
  static void draw(Path dataset, int count) throws IOException {
    Path train = Files.createDirectories(dataset.resolve("train"));
    StringBuilder csv = new StringBuilder("\ufefffile_name,text\n");
    for (int i = 0; i < count; i++) {
      BufferedImage picture = new BufferedImage(80 + 8 * i, 96, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      graphics.setColor(new Color(60 * i % 256, 120, 200));
      graphics.fillOval(10, 10, 50 + i, 70);
      graphics.dispose();
      ImageIO.write(picture, "png", train.resolve(i + ".png").toFile());
      csv.append(i).append(".png,二次元，第").append(i % 2).append("张\n");
    }
    Files.writeString(train.resolve("metadata.csv"), csv);
  }

  static LoraTraining training(Path dataset, Path output) {
    return LoraTraining.on(TINY)
        .dataset(dataset)
        .outputPath(output)
        .height(32)
        .width(32)
        .learningRate(1e-3)
        .seed(7);
  }

  private LoraTraining training() {
    return training(dataset, folder.resolve("models"));
  }

  @Test
  void aRunLeavesWhatLightningLeaves() throws IOException {
    LoraRun run = training().loraRank(2).maxEpochs(2).stepsPerEpoch(3).validation(2, 1).train();
    assertThat(run.finished()).isTrue();
    assertThat(run.steps()).isEqualTo(6);
    assertThat(run.losses()).hasSize(6).allMatch(loss -> loss > 0 && loss < 5);
    assertThat(run.validationLosses()).containsOnlyKeys(0L, 2L, 4L, 6L);
    assertThat(run.lossTable().columnNames())
        .containsExactly("step", "epoch", "train_loss", "val_loss", "learning_rate");
    Path version = folder.resolve("models/lightning_logs/version_0");
    assertThat(run.folder()).isEqualTo(version);
    assertThat(run.checkpoint()).isEqualTo(version.resolve("checkpoints/epoch=1-step=6.ckpt"));
    assertThat(version.resolve("checkpoints/epoch=0-step=3.ckpt")).exists();
    List<String> metrics = Files.readAllLines(version.resolve("metrics.csv"));
    assertThat(metrics).hasSize(8).startsWith("step,epoch,train_loss,val_loss,learning_rate");
    assertThat(metrics.get(1)).startsWith("0,0,,").endsWith(",");
    assertThat(metrics.get(2)).isEqualTo("1,0," + run.losses().get(0) + ",,0.001");
    assertThat(Files.readString(version.resolve("hparams.yaml")))
        .contains("lora_rank: 2")
        .contains("learning_rate: 0.001");
    assertThat(training().stepsPerEpoch(1).train().folder()).endsWithRaw(Path.of("version_1"));
  }

  @Test
  void theCheckpointHoldsTheAdapterAloneUnderDiffSynthsNamesAndLoadsBack() {
    LoraRun run = training().loraRank(2).stepsPerEpoch(4).train();
    UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
    try (NDManager manager = NDManager.newBaseManager();
        TorchFile file = TorchFile.open(run.checkpoint())) {
      assertThat(file.names())
          .hasSize(272)
          .allMatch(name -> name.matches("blocks\\..*\\.lora_[AB]\\.default\\.weight"));
      assertThat(LoraFile.detect(file.names())).isEqualTo(LoraFormat.DIFFSYNTH);
      LoraWeights weights = LoraFile.read(run.checkpoint(), manager, names);
      assertThat(weights.rank()).isEqualTo(2);
      assertThat(weights.layers().values())
          .anyMatch(layer -> layer.up().abs().max().getFloat() > 1e-4);
      try (UNet unet = UNet.load(TINY.resolve("unet"), manager)) {
        LoraAdapters adapters = LoraAdapters.on(unet);
        adapters.attach("trained", weights.withAlpha(2), 1);
        assertThat(adapters.names()).containsExactly("trained");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void convolutionsLearnBesideLinearLayers(boolean dora) {
    LoraRun run =
        training()
            .loraRank(2)
            .useDora(dora)
            .loraTargetModules(List.of("to_q", "conv1", "conv_shortcut", "conv"))
            .stepsPerEpoch(3)
            .validation(3, 1)
            .train();
    LoraRun linear =
        training().loraRank(2).loraTargetModules(List.of("to_q")).validation(3, 1).train();
    assertThat(run.validationLosses().get(0L)) // nothing has changed at first
        .isCloseTo(linear.validationLosses().get(0L), within(2e-5f));
    UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
    try (NDManager manager = NDManager.newBaseManager();
        UNet unet = UNet.load(TINY.resolve("unet"), manager)) {
      LoraWeights weights = LoraFile.read(run.checkpoint(), manager, names);
      Map<String, LoraLayer> layers = weights.layers();
      Shape kernel = new Shape(2, 16, 3, 3);
      assertThat(layers.get("down_blocks.0.resnets.0.conv1").down().getShape()).isEqualTo(kernel);
      assertThat(layers.get("down_blocks.0.downsamplers.0.conv").down().getShape())
          .isEqualTo(kernel);
      assertThat(layers.keySet()).anyMatch(name -> name.endsWith("conv_shortcut"));
      assertThat(layers.values()).allMatch(layer -> layer.up().abs().max().getFloat() > 1e-5);
      LoraAdapters.on(unet).attach("trained", weights.withAlpha(2), 1);
    }
  }

  @Test
  void theLossFalls() {
    LoraRun run = training().loraRank(8).loraAlpha(8).stepsPerEpoch(40).validation(40, 1).train();
    assertThat(run.validationLosses().get(40L)).isLessThan(run.validationLosses().get(0L));
  }

  @Test
  void theSameSeedGivesTheSameLossesAndAnotherDoesNot() {
    LoraTraining training = training().stepsPerEpoch(3).randomFlip(true);
    List<Float> losses = training.train().losses();
    assertThat(training.train().losses()).isEqualTo(losses);
    assertThat(training.seed(8).train().losses()).isNotEqualTo(losses);
  }

  @Test
  void everyBatchMayHaveAnAlphaOfItsOwn() {
    LoraTraining full = training().loraAlpha(4).learningRate(0.05).stepsPerEpoch(6);
    LoraTraining drawn = full.loraAlphaMin(2);
    List<Float> losses = drawn.train().losses();
    assertThat(drawn.train().losses()).isEqualTo(losses);
    assertThat(drawn.useGradientCheckpointing(true).train().losses()).isEqualTo(losses);
    assertThat(losses).isNotEqualTo(full.train().losses());
  }

  @Test
  void gradientCheckpointingChangesNothing() {
    LoraTraining training = training().stepsPerEpoch(4).centerCrop(true).batchSize(2);
    assertThat(training.useGradientCheckpointing(true).train().losses())
        .isEqualTo(training.train().losses());
  }

  @Tag("slow")
  @Test
  void aRunThatWasKilledGoesOnWithTheSameLosses() throws Exception {
    Path killed = folder.resolve("killed");
    Process process =
        JavaProcess.of(List.of(), KilledTraining.class, dataset.toString(), killed.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.log").toFile())
            .start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as(Files.readString(folder.resolve("killed.log")))
        .isEqualTo(KilledTraining.EXIT);

    List<String> notices = new ArrayList<>();
    LoraRun resumed =
        KilledTraining.training(dataset, killed)
            .resume(true)
            .listener(
                new TrainingListener() {
                  @Override
                  public void notice(String message) {
                    notices.add(message);
                  }
                })
            .train();
    LoraRun whole = KilledTraining.training(dataset, folder.resolve("whole")).train();
    assertThat(notices).anyMatch(notice -> notice.contains("after step 4"));
    assertThat(resumed.losses()).isEqualTo(whole.losses());
    assertThat(resumed.validationLosses()).isEqualTo(whole.validationLosses());
    assertThat(resumed.folder().getFileName()).hasToString("version_0");
    assertThat(resumed.folder().resolve("metrics.csv"))
        .hasSameTextualContentAs(whole.folder().resolve("metrics.csv"));
    assertThat(resumed.checkpoint()).hasSameBinaryContentAs(whole.checkpoint());
  }

  /** A training in a process of its own, which dies in the middle. */
  static final class KilledTraining {
    static final int EXIT = 9;

    private KilledTraining() {}

    static LoraTraining training(Path dataset, Path output) {
      return LoraTrainingTest.training(dataset, output)
          .maxEpochs(2)
          .stepsPerEpoch(5)
          .randomFlip(true)
          .captionDropout(0.3)
          .lrScheduler("cosine")
          .lrWarmupSteps(2)
          .accumulateGradBatches(2)
          .gradientClipNorm(0.05)
          .validation(2, 1)
          .checkpointEvery(2);
    }

    public static void main(String[] arguments) {
      training(Path.of(arguments[0]), Path.of(arguments[1]))
          .listener(
              new TrainingListener() {
                @Override
                public void step(TrainingProgress progress) {
                  if (progress.step() == 5) {
                    Runtime.getRuntime().halt(EXIT);
                  }
                }
              })
          .train();
    }
  }

  /** A training that is stopped after its so-manieth step, from the second on. */
  static LoraTraining stoppingAfter(long steps, LoraTraining training) {
    AtomicLong made = new AtomicLong();
    return training
        .listener(
            new TrainingListener() {
              @Override
              public void step(TrainingProgress progress) {
                made.set(progress.step());
              }
            })
        .stopWhen(() -> made.get() == steps - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pictures", "captions"})
  void aStopWhileEncodingWorksWithinOnePictureOrCaption(String what) {
    List<Integer> encoded = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void preparing(String now, int done, int of) {
            if (now.equals(what)) {
              encoded.add(done);
            }
          }
        };

    assertThatThrownBy(
            () -> training().listener(listener).stopWhen(() -> encoded.size() == 1).train())
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining(what)
        .hasMessageContaining(" 1/")
        .hasMessageContaining("Run it again");
    assertThat(encoded).hasSize(1);
  }

  @Test
  void eachPartOfATrainingIsNamedWhileItIsDone() {
    Set<String> names = new LinkedHashSet<>();
    WorkWatcher watcher =
        new WorkWatcher() {
          @Override
          public void ended(Work work) {
            names.add(work.name() + " " + work.done() + " " + work.unit());
          }
        };

    Work.watchedBy(watcher, () -> training().stepsPerEpoch(3).validation(2, 1).train());

    assertThat(names)
        .containsExactly(
            "编码图片 (encoding pictures) 4 pictures",
            "编码说明 (encoding captions) 2 captions",
            "载入 UNet (loading the UNet) 0 ",
            "验证 (validation) 4 batches",
            "第一步之前 (before the first step) 0 ",
            "训练 (training) 3 steps");
  }

  @Test
  void aStoppedRunSaysHowToGoOn() {
    LoraRun stopped = stoppingAfter(2, training().stepsPerEpoch(6)).train();

    assertThat(stopped.toString()).startsWith("Stopped after 2 steps").contains(".resume(true)");
  }

  @Test
  void aStopWorksWithinOneStepAndTheRunCanGoOn() {
    LoraTraining training = training().stepsPerEpoch(6).validation(2, 1);
    LoraRun stopped = stoppingAfter(2, training).train();
    assertThat(stopped.finished()).isFalse();
    assertThat(stopped.steps()).isEqualTo(2);
    assertThat(stopped.checkpoint()).exists();
    assertThat(stopped.validationLosses()).containsOnlyKeys(0L); // none that delays the stop
    LoraRun resumed = training.resume(stopped.folder()).train();
    assertThat(resumed.finished()).isTrue();
    assertThat(resumed.losses()).isEqualTo(training.train().losses());
  }

  @Test
  void anInterruptIsAStopAndStaysSet() {
    LoraRun run =
        training()
            .stepsPerEpoch(6)
            .listener(
                new TrainingListener() {
                  @Override
                  public void step(TrainingProgress progress) {
                    if (progress.step() == 2) {
                      Thread.currentThread().interrupt();
                    }
                  }
                })
            .train();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(run.steps()).isEqualTo(3);
    assertThat(run.checkpoint()).exists();
    assertThat(run.folder().resolve("training_state.safetensors")).exists();
  }

  @Test
  void otherSettingsCannotBeResumed() {
    LoraRun stopped = stoppingAfter(2, training().stepsPerEpoch(6)).train();
    assertThatThrownBy(
            () -> training().stepsPerEpoch(6).loraRank(8).resume(stopped.folder()).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("lora_rank");
    LoraRun other = training().stepsPerEpoch(2).resume(true).train();
    assertThat(other.folder()).isNotEqualTo(stopped.folder());
    assertThat(other.finished()).isTrue();
  }

  @Test
  void aTrainingThatDivergesKeepsTheLastGoodCheckpoint() {
    assertThatThrownBy(
            () -> training().learningRate(1e30).stepsPerEpoch(9).checkpointEvery(1).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("diverged")
        .hasMessageContaining("The last good checkpoint is");
  }

  @Test
  void brokenPicturesAreSkippedWithANotice() throws IOException {
    Files.writeString(dataset.resolve("train/1.png"), "no picture");
    List<String> notices = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    training().stepsPerEpoch(1).precision("16-mixed").listener(listener).train();
    assertThat(notices)
        .anyMatch(notice -> notice.startsWith("Skipped") && notice.contains("1.png"))
        .anyMatch(notice -> notice.contains("16-mixed"));
    for (int i = 0; i < 4; i++) {
      Files.writeString(dataset.resolve("train/" + i + ".png"), "no picture");
    }
    assertThatThrownBy(() -> training().listener(listener).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("None of the 4 pictures");
  }

  @Test
  void aProcessorWithoutBfloat16IsNoticedOnceAndFloat32Advised() {
    boolean slow;
    try (NDManager manager = NDManager.newBaseManager()) {
      slow = !TensorOperators.multipliesBfloat16(manager.create(1f));
    }
    assertThat(adviceOfFloat32("bf16-mixed")).hasSize(slow ? 1 : 0);
    assertThat(adviceOfFloat32("32")).isEmpty();
  }

  private List<String> adviceOfFloat32(String precision) {
    List<String> notices = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    training().stepsPerEpoch(1).precision(precision).listener(listener).train();
    return notices.stream()
        .filter(notice -> notice.contains("precision \"32\" is faster"))
        .toList();
  }

  @Test
  void anEmptySetAndAMissingColumnAreNamed() throws IOException {
    Files.writeString(dataset.resolve("train/metadata.csv"), "file_name,caption\n0.png,x\n");
    assertThatThrownBy(() -> training().train())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("no column text");
    Files.writeString(dataset.resolve("train/metadata.csv"), "file_name,text\n");
    assertThatThrownBy(() -> training().train())
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void settingsThatMakeNoSenseAreNamed() {
    Map<String, Supplier<LoraTraining>> wrong =
        Map.of(
            "lora_rank is 0", () -> training().loraRank(0),
            "precision is 8", () -> training().precision("8"),
            "lora_alpha_min is -1.0", () -> training().loraAlphaMin(-1),
            "lr_scheduler is step", () -> training().lrScheduler("step"),
            "multiples of 8: the nearest is 40×32", () -> training().height(37),
            "No data set", () -> LoraTraining.on(TINY));
    wrong.forEach(
        (message, training) ->
            assertThatThrownBy(() -> training.get().train())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message));
    assertThatThrownBy(() -> training().loraAlpha(2).loraAlphaMin(4).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("lora_alpha_min is 4.0, but lora_alpha is 2.0");
    assertThatThrownBy(() -> training().loraAlphaMin(2).useDora(true).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Leave one of the two out");
    assertThatThrownBy(() -> training().loraTargetModules(List.of("to_kk")).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the nearest name is 'to_k'");
  }

  @Test
  void anOutputFolderThatIsAFileIsRefusedBeforeAnythingIsEncoded() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> training().outputPath(file).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void samplePicturesComeFromTheUNetAsItIs() {
    List<Long> samples = new ArrayList<>();
    training()
        .stepsPerEpoch(4)
        .samplePicture(
            2,
            unet -> {
              assertThat(unet.adaptableLayers().values()).anyMatch(l -> !l.updates().isEmpty());
              return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            })
        .listener(
            new TrainingListener() {
              @Override
              public void sample(long step, BufferedImage picture) {
                samples.add(step);
              }
            })
        .train();
    assertThat(samples).containsExactly(0L, 2L, 4L);
  }

  @Test
  void samplePicturesOfAPromptChangeWithTheAdapter() {
    List<BufferedImage> samples = new ArrayList<>();
    training()
        .loraRank(8)
        .loraAlpha(64)
        .learningRate(1e-2)
        .stepsPerEpoch(4)
        .samplePicture(2, Prompt.of("二次元").seed(0).steps(2).size(64, 64))
        .listener(
            new TrainingListener() {
              @Override
              public void sample(long step, BufferedImage picture) {
                samples.add(picture);
              }
            })
        .train();
    assertThat(samples).hasSize(3);
    assertThat(pixels(samples.get(0))).isNotEqualTo(pixels(samples.get(1)));
    assertThat(pixels(samples.get(1))).isNotEqualTo(pixels(samples.get(2)));
  }

  static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  /** A run that is stopped once its listener has heard of so many steps. */
  static <T extends Training<T>> LoraRun stoppedAfter(Training<T> training, int steps) {
    int[] made = {0};
    return training
        .listener(
            new TrainingListener() {
              @Override
              public void step(TrainingProgress progress) {
                made[0]++;
              }
            })
        .stopWhen(() -> made[0] >= steps)
        .train();
  }
}
