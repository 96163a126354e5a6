package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.files.LockFile;
import io.github.kolors4j.internal.model.AdaptableLayer;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes are found before anything is encoded, and two trainings never write one folder. */
class TrainingChecksTest {
  @TempDir Path folder;
  private Path dataset;

  /** What was encoded, and what was said meanwhile. */
  private final List<String> encoded = new ArrayList<>();

  private final List<String> notices = new ArrayList<>();

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void preparing(String what, int done, int of) {
          encoded.add(what);
        }

        @Override
        public void notice(String message) {
          notices.add(message);
        }
      };

  @BeforeEach
  void draw() throws IOException {
    dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 4);
  }

  private LoraTraining training() {
    return LoraTrainingTest.training(dataset, folder.resolve("models"))
        .stepsPerEpoch(3)
        .listener(listener);
  }

  private void assertFailsBeforeWork(LoraTraining training, String... words) {
    assertThatThrownBy(training::train)
        .isInstanceOfAny(TrainingException.class, IllegalArgumentException.class)
        .hasMessageContainingAll(words);
    assertThat(encoded).as("what was encoded").isEmpty();
    assertThat(folder.resolve("models")).as("a run's folder").doesNotExist();
  }

  static Stream<Arguments> outOfRange() {
    Map<String, UnaryOperator<LoraTraining>> settings = new LinkedHashMap<>();
    settings.put("lora_rank is 0", t -> t.loraRank(0));
    settings.put("lora_alpha is NaN", t -> t.loraAlpha(Double.NaN));
    settings.put("lora_target_modules is []", t -> t.loraTargetModules(List.of()));
    settings.put("max_epochs is 0", t -> t.maxEpochs(0));
    settings.put("steps_per_epoch is -1", t -> t.stepsPerEpoch(-1));
    settings.put("batch_size is 0", t -> t.batchSize(0));
    settings.put("accumulate_grad_batches is 0", t -> t.accumulateGradBatches(0));
    settings.put("height is -8", t -> t.height(-8));
    settings.put("width is -8", t -> t.width(-8));
    settings.put("min_bucket_reso is -1", t -> t.minBucketReso(-1));
    settings.put("max_bucket_reso is -1", t -> t.maxBucketReso(-1));
    settings.put("bucket_reso_steps is -1", t -> t.bucketResoSteps(-1));
    settings.put("optimizer is SGD", t -> t.optimizer("SGD"));
    settings.put("learning_rate is 0.0", t -> t.learningRate(0));
    settings.put("learning_rate is Infinity", t -> t.learningRate(Double.POSITIVE_INFINITY));
    settings.put("lr_scheduler is cosin", t -> t.lrScheduler("cosin"));
    settings.put("lr_warmup_steps is -1", t -> t.lrWarmupSteps(-1));
    settings.put("weight_decay is -1.0", t -> t.weightDecay(-1));
    settings.put("gradient_clip_norm is 0.0", t -> t.gradientClipNorm(0));
    settings.put("caption_dropout is 1.5", t -> t.captionDropout(1.5));
    settings.put("keep_tokens is -1", t -> t.keepTokens(-1));
    settings.put("caption_separator is empty", t -> t.captionSeparator(""));
    settings.put("noise_offset is -0.1", t -> t.noiseOffset(-0.1));
    settings.put("ema_decay is 1.0", t -> t.emaDecay(1));
    settings.put("precision is fp8", t -> t.precision("fp8"));
    settings.put("validate_every is -1", t -> t.validation(-1, 4));
    settings.put("held_back is 0", t -> t.validation(10, 0));
    settings.put("sample_every is -1", t -> t.samplePicture(-1, Prompt.of("")));
    settings.put("checkpoint_every is -1", t -> t.checkpointEvery(-1));
    return settings.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfRange")
  void aValueOutOfRangeIsRefusedWhereItIsSet(String message, UnaryOperator<LoraTraining> setting) {
    assertThatThrownBy(() -> setting.apply(training()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("must be");
  }

  @Test
  void aTargetThatIsNoLayerIsFoundWithoutLoadingTheNetwork() {
    assertFailsBeforeWork(
        training().loraTargetModules(List.of("to_k", "to_qq")), "'to_qq'", "'to_q'");
    assertFailsBeforeWork(
        training().trainTextEncoder(true).textEncoderTargetModules(List.of("query_key")),
        "'query_key'",
        "query_key_value");
  }

  @Test
  void linearLayersAndConvolutionsAreKnownFromTheHeadersAlone() {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(TrainingChecks.adaptableLayers(Golden.TINY.resolve("unet")))
          .isEqualTo(shapes(UNet.load(Golden.TINY.resolve("unet"), manager).adaptableLayers()));
      Path textEncoder = Golden.TINY.resolve("text_encoder");
      assertThat(TrainingChecks.adaptableLayers(textEncoder))
          .containsAllEntriesOf(shapes(ChatGlm.load(textEncoder, manager).adaptableLayers()));
    }
  }

  private static Map<String, Shape> shapes(Map<String, AdaptableLayer> layers) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    layers.forEach((name, layer) -> shapes.put(name, layer.weight().getShape()));
    return shapes;
  }

  @Test
  void moreHeldBackThanThereAreAreRefused() {
    assertFailsBeforeWork(training().validation(2, 4), "4 pictures are to be held back");
  }

  @Test
  void aSamplePictureThatCannotBeDrawnIsRefused() {
    assertFailsBeforeWork(training().samplePicture(2, Prompt.of("").steps(5000)), "5000", "1100");
  }

  @Test
  void aDataSetThatIsNotThereOrEmptyIsRefused() throws IOException {
    assertThatThrownBy(() -> training().dataset(folder.resolve("nowhere")).train())
        .hasMessageContaining("nowhere");
    Path empty = Files.createDirectories(folder.resolve("empty/train"));
    Files.writeString(empty.resolve("metadata.csv"), "file_name,text\n");
    assertThatThrownBy(() -> training().dataset(folder.resolve("empty")).train())
        .hasMessageContaining("empty");
    assertThat(encoded).isEmpty();
  }

  @Test
  void checkpointsThatTheDiskCannotHoldAreRefused() {
    assertFailsBeforeWork(
        training().loraRank(64).stepsPerEpoch(1_000_000_000).checkpointEvery(1), "Make room");
  }

  @Test
  void aRunThatCannotGoOnIsRefused() {
    assertFailsBeforeWork(training().resume(folder.resolve("nowhere")), "nothing to resume");
  }

  @Test
  void aModelWithoutAUnetIsRefused() throws IOException {
    Path model = folder.resolve("model");
    try (Stream<Path> files = Files.walk(Golden.TINY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("unet/diffusion_pytorch_model.safetensors")) {
          Path copy = model.resolve(Golden.TINY.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    LoraTraining broken =
        LoraTraining.on(ModelFolder.of(model)).dataset(dataset).listener(listener);
    assertThatThrownBy(broken::train).hasMessageContaining("unet");
    assertThat(encoded).isEmpty();
  }

  @Test
  void settingsWithoutEffectAreSaid() {
    assertThatThrownBy(
            () ->
                training()
                    .keepTokens(1)
                    .minBucketReso(64)
                    .lrWarmupSteps(3)
                    .loraTargetModules(List.of("nowhere"))
                    .train())
        .isInstanceOf(TrainingException.class);
    assertThat(notices)
        .anySatisfy(notice -> assertThat(notice).contains("keep_tokens"))
        .anySatisfy(notice -> assertThat(notice).contains("enable_bucket"))
        .anySatisfy(notice -> assertThat(notice).contains("rises for 3 steps"));
  }

  @Test
  void aRunThatIsStillAtWorkIsNotGoneOnWith() throws Exception {
    LoraRun stopped = LoraTrainingTest.stoppingAfter(2, training()).train();
    encoded.clear();
    Path lock = stopped.folder().resolve(".lock");
    Process other = LockHolder.start(lock);
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> training().resume(true).train())
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("still at work")
          .hasMessageContaining("process " + other.pid())
          .hasMessageContaining("begins a new run");
      assertThatThrownBy(() -> training().resume(stopped.folder()).train())
          .hasMessageContaining("still at work");
      assertThat(encoded).isEmpty();
    } finally {
      other.destroyForcibly().waitFor(); // as a killed run: its lock does not block
    }
    assertThat(training().resume(true).train().steps()).isEqualTo(3);
  }

  @Test
  void twoTrainingsOfOneProcessAreKeptApartAsWell() throws IOException {
    LoraRun stopped = LoraTrainingTest.stoppingAfter(2, training()).train();
    Path file = stopped.folder().resolve(".lock");
    try (LockFile held = LockFile.tryTake(file, notices::add).orElseThrow()) {
      assertThat(LockFile.tryTake(file, notices::add)).isEmpty();
      assertThatThrownBy(() -> training().resume(true).train())
          .hasMessageContaining("still at work");
    }
    try (LockFile again = LockFile.tryTake(file, notices::add).orElseThrow()) {
      assertThat(LockFile.holder(file)).hasValue("process " + ProcessHandle.current().pid());
    }
  }
}
