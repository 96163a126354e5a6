package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.juicer.JuicerResult;
import io.github.kolors4j.juicer.Recipe;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected pictures come from data-juicer ({@code make_operators.py} beside them). */
class ImageBlurMapperTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/juicer");

  @TempDir Path folder;

  @BeforeEach
  void makeADataSet() throws IOException {
    Files.copy(GOLDEN.resolve("blur_in.png"), folder.resolve("in.png"));
    Files.writeString(
        folder.resolve("samples.jsonl"),
        "{\"text\": \"a\", \"images\": [\"in.png\"]}\n{\"text\": \"b\", \"images\": []}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "mean, mean, 2",
    "box, box, 1.7",
    "box_wide, box, 40",
    "gaussian, gaussian, 2",
    "gaussian_wide, gaussian, 5.5"
  })
  void aBlurIsPillowsPixelForPixel(String expected, String blurType, double radius) {
    JuicerResult result = run(Map.of("p", 1.0, "blur_type", blurType, "radius", radius));

    Path blurred = result.samples().get(0).pictures().get(0);
    assertThat(pixels(PictureFile.read(blurred)))
        .isEqualTo(pixels(PictureFile.read(GOLDEN.resolve("blur_" + expected + ".png"))));
    assertThat(blurred.getParent())
        .isEqualTo(
            folder.toAbsolutePath().resolve("__dj__produced_data__").resolve("image_blur_mapper"));
  }

  @Test
  void theResultNamesTheSourceOfEachPicture() throws IOException {
    JuicerResult result = run(Map.of("p", 1));

    String source = folder.toAbsolutePath().resolve("in.png").toString().replace("/", "\\/");
    assertThat(Files.readString(result.file()))
        .contains("\"__dj__source_file__\":[\"" + source + "\"]}")
        .contains("{\"text\":\"b\",\"images\":[],\"__dj__source_file__\":[]}");
    assertThat(folder.resolve("in.png")).hasSameBinaryContentAs(GOLDEN.resolve("blur_in.png"));
  }

  @Test
  void noPictureIsBlurredWithProbabilityZero() {
    JuicerResult result = run(Map.of("p", 0));

    assertThat(result.samples().get(0).pictures())
        .containsExactly(folder.toAbsolutePath().resolve("in.png"));
  }

  private JuicerResult run(Map<String, Object> parameters) {
    return Recipe.builder("samples.jsonl")
        .exportPath("result.jsonl")
        .then("image_blur_mapper", new HashMap<>(parameters))
        .run(folder);
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }
}
