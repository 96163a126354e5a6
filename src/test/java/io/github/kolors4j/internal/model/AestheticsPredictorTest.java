package io.github.kolors4j.internal.model;

import static io.github.kolors4j.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CLIP's picture encoder against transformers, and the predictors against
 * simple-aesthetics-predictor; {@code golden/clip/make_clip.py} says how.
 */
class AestheticsPredictorTest {
  private static final Path LINEAR =
      Golden.path("clip/shunk031/aesthetics-predictor-v2-tiny-linearMSE");
  private static final Path V1 = Golden.path("clip/shunk031/aesthetics-predictor-v1-tiny");

  /** The places of linear layers, and those that they have with rectifiers between them. */
  private static final Map<String, String> RECTIFIED =
      Map.of("0", "0", "2", "3", "4", "6", "6", "9", "7", "11");

  @TempDir Path folder;

  private final NDManager manager = NDManager.newBaseManager();
  private final BufferedImage picture =
      PictureFile.read(Path.of("src/test/resources/image/source.png"));
  private Golden golden;

  @BeforeEach
  void open() {
    golden = new Golden("clip/predictor", manager);
  }

  @AfterEach
  void free() {
    golden.close();
    manager.close();
  }

  @Test
  void aPictureIsPreparedAsByTheOriginalsProcessor() {
    NDArray pixels = ClipPreprocessing.read(LINEAR).apply(picture, manager);
    assertClose("pixel_values", pixels, golden.get("pixel_values"), 1e-6);
  }

  @Test
  void theEncoderGivesTheEmbeddingOfTheOriginal() {
    try (SafetensorsFile file = SafetensorsFile.open(LINEAR.resolve("model.safetensors"))) {
      Map<String, String> names =
          file.names().stream()
              .filter(name -> !name.startsWith("layers."))
              .collect(Collectors.toMap(name -> name, name -> name));
      WeightSource source = new Renamed(weights(file), names);
      ClipVision clip =
          new ClipVision(
              ClipVisionConfig.read(LINEAR), new Weights(source, manager.newSubManager()));
      NDArray pixels = golden.get("pixel_values");

      assertClose("image_embeds", clip.encode(pixels), golden.get("image_embeds"), 1e-5);
      NDArray two = clip.encode(pixels.concat(pixels, 0));
      assertThat(two.getShape()).isEqualTo(new Shape(2, 8));
      assertClose("second", two.get("1:"), golden.get("image_embeds"), 1e-5);
    }
  }

  @Test
  void theLinearPredictorScoresAsTheOriginal() {
    try (AestheticsPredictor predictor = AestheticsPredictor.load(LINEAR)) {
      float expected = golden.get("linear.logits").toFloatArray()[0];
      assertThat(predictor.score(picture)).isEqualTo(expected, within(1e-4f));
    }
  }

  @Test
  void theFirstVersionScoresAsTheOriginal() {
    try (AestheticsPredictor predictor = AestheticsPredictor.load(V1)) {
      float expected = golden.get("v1.logits").toFloatArray()[0];
      assertThat(predictor.score(picture)).isEqualTo(expected, within(1e-4f));
    }
  }

  @Test
  void thePredictorWithRectifiersScoresAsTheOriginal() {
    try (SafetensorsFile file = SafetensorsFile.open(LINEAR.resolve("model.safetensors"))) {
      Map<String, String> names =
          file.names().stream()
              .collect(Collectors.toMap(AestheticsPredictorTest::betweenRectifiers, name -> name));
      WeightSource source = new Renamed(weights(file), names);
      try (AestheticsPredictor predictor =
          new AestheticsPredictor(
              ClipVisionConfig.read(LINEAR),
              ClipPreprocessing.read(LINEAR),
              source,
              NDManager.newBaseManager())) {
        float expected = golden.get("relu.logits").toFloatArray()[0];
        assertThat(predictor.score(picture)).isEqualTo(expected, within(1e-4f));
      }
    }
  }

  @Test
  void scoringManyPicturesKeepsNoMemory() {
    try (AestheticsPredictor predictor = AestheticsPredictor.load(LINEAR)) {
      NDArray weight = predictor.weights().tensors().values().iterator().next();
      float first = predictor.score(picture);
      int held = weight.getManager().getManagedArrays().size();
      for (int i = 0; i < 20; i++) {
        assertThat(predictor.score(picture)).isEqualTo(first);
      }
      assertThat(weight.getManager().getManagedArrays()).hasSize(held);
    }
  }

  @Test
  void aFolderWithoutItsPreprocessorIsRefused() throws Exception {
    Files.copy(LINEAR.resolve("config.json"), folder.resolve("config.json"));
    assertThatThrownBy(() -> AestheticsPredictor.load(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("preprocessor_config.json");
  }

  /** Tensors of a file under other names. */
  private record Renamed(FileWeights file, Map<String, String> fileNames) implements WeightSource {
    @Override
    public Set<String> names() {
      return fileNames.keySet();
    }

    @Override
    public NDArray read(String name, Shape shape, NDManager owner) {
      return file.read(fileNames.get(name), shape, owner);
    }
  }

  private static FileWeights weights(SafetensorsFile file) {
    return new FileWeights(file, file.toString(), DataType.FLOAT32);
  }

  private static String betweenRectifiers(String name) {
    String[] parts = name.split("\\.");
    return parts[0].equals("layers") ? "layers." + RECTIFIED.get(parts[1]) + "." + parts[2] : name;
  }
}
