package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings with the options beyond the course's, and that they can be interrupted. */
class TrainingOptionsTest {
  private static final Map<String, UnaryOperator<LoraTraining>> OPTIONS =
      Map.of(
          "all that is drawn",
          t ->
              t.noiseOffset(0.1)
                  .captionDropout(0.3)
                  .captionDropoutText("丑陋")
                  .shuffleCaption(true)
                  .captionSeparator("，")
                  .enableBucket(true)
                  .batchSize(2),
          "DoRA, average and Prodigy",
          t -> t.useDora(true).emaDecay(0.9).optimizer("Prodigy").validation(2, 1),
          "Muon at several strengths",
          t -> t.optimizer("Muon").loraAlphaMin(1).validation(2, 1),
          "8 bits and the text encoder",
          t ->
              t.optimizer("AdamW8bit")
                  .loraRank(64)
                  .trainTextEncoder(true)
                  .useGradientCheckpointing(true));

  @TempDir Path folder;
  private Path dataset;

  @BeforeEach
  void draw() throws IOException {
    dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 4);
  }

  private LoraTraining training() {
    return LoraTrainingTest.training(dataset, folder.resolve("models"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all that is drawn",
        "DoRA, average and Prodigy",
        "Muon at several strengths",
        "8 bits and the text encoder"
      })
  void anInterruptedRunGoesOnBitForBit(String name) {
    LoraTraining training = OPTIONS.get(name).apply(training().stepsPerEpoch(5));
    LoraRun stopped = LoraTrainingTest.stoppingAfter(3, training).train();
    assertThat(stopped.steps()).isEqualTo(3);
    LoraRun resumed = training.resume(stopped.folder()).train();
    LoraRun whole = training.train();
    assertThat(resumed.losses()).isEqualTo(whole.losses()).doesNotHaveDuplicates();
    assertThat(resumed.validationLosses()).isEqualTo(whole.validationLosses());
    assertThat(resumed.checkpoint()).hasSameBinaryContentAs(whole.checkpoint());
    assertThat(resumed.textEncoderCheckpoint().isPresent())
        .isEqualTo(whole.textEncoderCheckpoint().isPresent());
    whole
        .textEncoderCheckpoint()
        .ifPresent(
            file ->
                assertThat(resumed.textEncoderCheckpoint().orElseThrow())
                    .hasSameBinaryContentAs(file));
  }

  @Test
  void bothAdaptersAreWrittenAndTheTextEncodersHasLearned() {
    LoraRun run = training().stepsPerEpoch(3).trainTextEncoder(true).useDora(true).train();
    try (NDManager manager = NDManager.newBaseManager()) {
      LoraWeights text =
          LoraFile.readTextEncoder(run.textEncoderCheckpoint().orElseThrow(), manager);
      assertThat(text.layers())
          .hasSize(3)
          .containsKey("encoder.layers.2.self_attention.query_key_value");
      assertThat(text.layers().values())
          .allMatch(layer -> layer.up().abs().max().getFloat() > 1e-4)
          .allMatch(layer -> layer.magnitude() != null);
    }
    assertThat(training().stepsPerEpoch(1).train().textEncoderCheckpoint()).isEmpty();
  }

  @Test
  void theCheckpointIsTheAverageAndTheStateKeepsBoth() {
    LoraRun run = training().stepsPerEpoch(6).emaDecay(0.9).train();
    UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
    try (NDManager manager = NDManager.newBaseManager();
        SafetensorsFile state =
            SafetensorsFile.open(run.folder().resolve("training_state.safetensors"))) {
      LoraWeights weights = LoraFile.read(run.checkpoint(), manager, names);
      Map.Entry<String, LoraLayer> layer = weights.layers().entrySet().iterator().next();
      float[] written = layer.getValue().up().toFloatArray();
      String name = layer.getKey() + ".lora_B";
      assertThat(state.read("average." + name, manager).toFloatArray()).isEqualTo(written);
      assertThat(state.read("parameter." + name, manager).toFloatArray()).isNotEqualTo(written);
    }
  }

  @Test
  void eachPictureIsTrainedInItsOwnShape() {
    List<String> notices = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    TrainingObserver observer = new TrainingObserver(listener, () -> false);
    ModelFolder model = ModelFolder.of(TINY);
    PictureTransforms transforms =
        new PictureTransforms(
            AspectRatioBuckets.around(new AspectRatioBuckets.Size(64, 64), 16, 128, 8),
            false,
            false,
            false,
            Optional.empty());
    try (NDManager manager = NDManager.newBaseManager()) {
      TorchRandom random = new TorchRandom(0);
      EncodedPictures encoded =
          EncodedPictures.of(
              CaptionedImages.load(dataset), dataset, transforms, model, random, observer, manager);
      List<Shape> shapes =
          encoded.pictures().stream().map(EncodedPictures.Picture::shape).distinct().toList();
      assertThat(shapes).hasSizeGreaterThan(1);
      assertThat(notices).anyMatch(notice -> notice.startsWith("Random crops"));
      assertThat(encoded.sizes(8)).startsWith("Pictures by size");
      Captions captions =
          Captions.encode(
              new Captions.Words(
                  encoded.captions(Optional.empty()),
                  caption -> caption,
                  ChatGlmTokenizer.load(model.tokenizer())),
              model,
              LoadOptions.FLOAT32,
              observer,
              manager);
      Batches.Settings settings = new Batches.Settings(3, true, false, 0, "", 0);
      Batches batches = new Batches(captions, settings, Optional.empty(), 1100, 8);
      for (int i = 0; i < 10; i++) {
        DenoisingLoss.Batch batch = batches.draw(encoded.pictures(), random, manager);
        Shape shape = batch.latents().getShape();
        assertThat(shape.get(0)).isEqualTo(3);
        assertThat(batch.noise().getShape()).isEqualTo(shape);
        assertThat(batch.text().encode(null, manager).sizes().toFloatArray())
            .startsWith(shape.get(2) * 8f, shape.get(3) * 8f, 0f, 0f);
      }
      assertThat(batches.fixed(encoded.pictures(), 4, 0, manager))
          .allMatch(batch -> batch.latents().getShape().get(0) <= 3)
          .extracting(batch -> batch.timesteps().length)
          .satisfies(sizes -> assertThat(sizes.stream().mapToInt(n -> n).sum()).isEqualTo(16));
    }
  }

  @Test
  void anotherTextMayStandInPlaceOfDroppedCaptions() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<EncodedPictures.Picture> pictures =
          List.of(
              new EncodedPictures.Picture(
                  List.of("a boy"), List.of(manager.zeros(new Shape(1, 4, 8, 8)))));
      Map<String, ChatGlm.Encoding> encodings =
          Map.of("a boy", encoding(1, manager), "ugly", encoding(2, manager));
      Captions captions = new Captions(Map.of(), encodings, Optional.empty());
      for (int dropped : new int[] {0, 1}) {
        Batches.Settings settings = new Batches.Settings(1, false, false, dropped, "ugly", 0);
        DenoisingLoss.Batch batch =
            new Batches(captions, settings, Optional.empty(), 1100, 8)
                .draw(pictures, new TorchRandom(3), manager);
        assertThat(batch.text().encode(null, manager).text().mean().getFloat())
            .isEqualTo(1 + dropped);
      }
    }
  }

  private static ChatGlm.Encoding encoding(float value, NDManager manager) {
    return new ChatGlm.Encoding(
        manager.full(new Shape(1, 256, 8), value), manager.full(new Shape(1, 8), value));
  }

  @Test
  void theNoiseOffsetMovesEachChannelAsAWhole() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray latents = manager.zeros(new Shape(1, 4, 8, 8));
      List<EncodedPictures.Picture> pictures =
          List.of(new EncodedPictures.Picture(List.of(""), List.of(latents)));
      float[] plain = noise(0, pictures, manager);
      float[] moved = noise(0.1, pictures, manager);
      // As diffusers: noise += noise_offset * torch.randn(batch, channels, 1, 1), drawn next.
      TorchRandom random = new TorchRandom(3);
      random.randn(1, 4, 8, 8);
      float[] offsets = random.randn(1, 4, 1, 1);
      for (int i = 0; i < plain.length; i++) {
        assertThat(moved[i] - plain[i]).isCloseTo(0.1f * offsets[i / 64], within(1e-6f));
      }
    }
  }

  private static float[] noise(
      double offset, List<EncodedPictures.Picture> pictures, NDManager manager) {
    Batches.Settings settings = new Batches.Settings(1, false, false, 0, "", offset);
    Captions captions = new Captions(Map.of(), Map.of("", encoding(0, manager)), Optional.empty());
    return new Batches(captions, settings, Optional.empty(), 1100, 8)
        .draw(pictures, new TorchRandom(3), manager)
        .noise()
        .toFloatArray();
  }

  @Test
  void aDeviceDecidesWhatSixteenBitsAre() {
    assertThat(TrainingSession.precision("16-mixed", Device.cpu())).isEqualTo(Precision.BFLOAT16);
    assertThat(TrainingSession.precision("16-mixed", Device.gpu())).isEqualTo(Precision.FLOAT16);
    assertThat(TrainingSession.precision("bf16-mixed", Device.gpu())).isEqualTo(Precision.BFLOAT16);
    assertThat(TrainingSession.precision("32", Device.gpu())).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void theScaleOfTheLossSurvivesAnInterruption() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Learner first = learner(manager);
      overflow(first);
      assertThat(first.step(1, 0.1)).isInfinite();
      assertThat(first.lossScale()).isEqualTo(32768);
      assertThat(first.arrays().get("optimiser.first.x.lora_A").abs().sum().getFloat()).isZero();
      SavedTraining saved =
          new SavedTraining(
              folder.resolve("state.safetensors"),
              1,
              Map.of("precision", "fp16"),
              false,
              1,
              first.numbers(),
              new TorchRandom(0),
              new LossHistory());
      saved.write(first.arrays());
      Learner second = learner(manager);
      second.restore(SavedTraining.read(saved.file()), manager);
      assertThat(second.lossScale()).isEqualTo(32768);
      assertThat(second.numbers()).isEqualTo(first.numbers()).containsEntry("optimiser.steps", 0.0);
    }
  }

  private static Learner learner(NDManager manager) {
    LoraLayer layer = new LoraLayer(manager.ones(new Shape(2, 3)), manager.ones(new Shape(3, 2)));
    TrainedAdapters adapters =
        new TrainedAdapters(new LoraWeights(Map.of("x", layer.withAlpha(2))), null, null);
    Optimizer optimizer = Optimizer.of("AdamW", adapters.parameters(), 0.01);
    return new Learner(adapters, optimizer, Double.POSITIVE_INFINITY, 0, true);
  }

  private static void overflow(Learner learner) {
    try (Gradients recording = Gradients.enable()) {
      learner
          .adapter()
          .parameters()
          .values()
          .forEach(p -> Gradients.backward(p.mul(Float.POSITIVE_INFINITY).sum()));
    }
  }

  @Test
  void settingsThatMakeNoSenseAreNamed() {
    Map<String, UnaryOperator<LoraTraining>> wrong =
        Map.of(
            "optimizer is SGD, but must be one of [AdamW, AdamW8bit, Prodigy, Muon]",
            t -> t.optimizer("SGD"),
            "ema_decay is 1.0",
            t -> t.emaDecay(1),
            "noise_offset is -0.1",
            t -> t.noiseOffset(-0.1),
            "keep_tokens is -1",
            t -> t.keepTokens(-1),
            "caption_separator is empty",
            t -> t.captionSeparator(""),
            "bucket_reso_steps is 12",
            t -> t.enableBucket(true).bucketResoSteps(12),
            "max_bucket_reso is 16",
            t -> t.enableBucket(true).maxBucketReso(16),
            "min_bucket_reso is 12",
            t -> t.enableBucket(true).minBucketReso(12));
    wrong.forEach(
        (message, setting) ->
            assertThatThrownBy(() -> setting.apply(training()).train())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message));
    assertThatThrownBy(
            () ->
                training()
                    .trainTextEncoder(true)
                    .textEncoderTargetModules(List.of("query_key_valeu"))
                    .train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the nearest name is 'query_key_value'");
  }
}
