package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.tensor.CudaGpu;
import io.github.kolors4j.internal.tensor.CudaRandom;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What DiffSynth-Studio's own pipeline draws with the tiny Kolors on a CPU ({@code
 * src/test/python/diffsynth_course.py}): the same, given the noise that a CPU draws.
 */
class CoursePictureTest {
  private static KolorsPipeline pipeline;
  private static NDManager manager;
  private static Golden golden;

  @BeforeAll
  static void load() {
    pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
    manager = NDManager.newBaseManager();
    golden = new Golden("course", manager);
  }

  @AfterAll
  static void free() {
    pipeline.close();
    golden.close();
    manager.close();
  }

  private static Prompt course() {
    return Prompt.of(golden.metadata("prompt"))
        .negative(golden.metadata("negative_prompt"))
        .asInTheCourse()
        .seed(5)
        .cfgScale(4)
        .steps(6)
        .size(96, 64);
  }

  private static void assertDrawsTheOriginal(String name, Prompt prompt) throws IOException {
    float[] cpuNoise = new TorchRandom(5).randn(pipeline.latentShape(prompt).getShape());
    GeneratedPicture picture = pipeline.generate(prompt.noise(cpuNoise));
    NDArray expected = golden.get(name + ".latents");
    NDArray latents = manager.create(picture.latents(), expected.getShape());
    Golden.assertClose("latents", latents, expected, 1e-4);
    BufferedImage drawn = ImageIO.read(Golden.path("course_" + name + ".png").toFile());
    Set<Integer> near = new HashSet<>();
    for (long place : golden.get(name + ".near").toLongArray()) {
      near.add((int) place);
    }
    Map<Integer, Integer> differences = differences(picture.image(), drawn);
    differences.keySet().removeAll(near); // where the last bit of float32 decides
    assertThat(differences).as("values that differ, by place").isEmpty();
    assertThat(near.size()).isLessThan(100);
  }

  @Test
  void thePixelsAreThoseOfTheCoursesProgram() throws IOException {
    assertDrawsTheOriginal("plain", course());
  }

  @Test
  void withoutGuidanceTheyAreAsWell() throws IOException {
    assertDrawsTheOriginal("tall", course().size(32, 96).cfgScale(1));
  }

  @Test
  void guidanceBelowOneIsGuidanceThere() throws IOException {
    assertDrawsTheOriginal("weak", course().steps(3).cfgScale(0.5));
    assertThat(course().cfgScale(0.5).guided()).isTrue();
    assertThat(Prompt.of("").cfgScale(0.5).guided()).isFalse();
  }

  @Test
  void aPictureToStartFromGivesThePixelsOfTheCoursesProgram() throws IOException {
    BufferedImage start = ImageIO.read(Golden.path("img2img_input.png").toFile());
    assertDrawsTheOriginal(
        "image", course().size(start.getWidth(), start.getHeight()).startFrom(start, 0.6));
  }

  @Test
  void theNoiseIsTheGpusInFloat16() {
    Prompt prompt = course();
    float[] gpu = new CudaRandom(5, CudaGpu.A10).randnHalf(1, 4, 8, 12);
    assertThat(pipeline.noise(prompt)).isEqualTo(gpu);
    GeneratedPicture own = pipeline.generate(prompt);
    GeneratedPicture given = pipeline.generate(prompt.noise(gpu));
    assertThat(differences(own.image(), given.image())).isEmpty();
    assertThat(pipeline.noise(prompt.asInTheCourse(new CudaGpu(1, 256)))).isNotEqualTo(gpu);
  }

  /** numpy's float16, in which a GPU's picture is made into colours. */
  @Test
  void coloursAreCutOffInTheirOwnPrecision() {
    float[] values = {-1.2f, -1, -0.5f, 0, 0.4980392f, 0.9959f, 0.9998f, 1, 1.3f};
    int[] inFloat32 = {0, 0, 63, 127, 191, 254, 254, 255, 255};
    int[] inFloat16 = {0, 0, 63, 127, 191, 254, 255, 255, 255};
    float[] planes = new float[3 * values.length];
    System.arraycopy(values, 0, planes, 0, values.length);
    NDArray tensor = manager.create(planes, new Shape(1, 3, 1, values.length));
    assertThat(reds(PictureTensor.toPictureCutOff(tensor))).isEqualTo(inFloat32);
    assertThat(reds(PictureTensor.toPictureCutOff(Precision.FLOAT16.convert(tensor))))
        .isEqualTo(inFloat16);
  }

  /** The colour values that are not equal: the difference by the place in (height, width, 3). */
  private static Map<Integer, Integer> differences(BufferedImage a, BufferedImage b) {
    Map<Integer, Integer> differences = new TreeMap<>();
    for (int y = 0; y < b.getHeight(); y++) {
      for (int x = 0; x < b.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int difference = (a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff);
          if (difference != 0) {
            differences.put((y * b.getWidth() + x) * 3 + 2 - shift / 8, difference);
          }
        }
      }
    }
    return differences;
  }

  private static int[] reds(BufferedImage row) {
    int[] reds = new int[row.getWidth()];
    for (int x = 0; x < reds.length; x++) {
      reds[x] = row.getRGB(x, 0) >> 16 & 0xff;
    }
    return reds;
  }

  /** As on a GPU; here it shows that every step works in float16. */
  @Test
  void inFloat16ThePictureIsNearlyTheSame() {
    try (KolorsPipeline half =
        KolorsPipeline.options().precision("fp16").load(ModelFolder.of(Golden.TINY))) {
      GeneratedPicture picture = half.generate(course());
      for (float latent : picture.latents()) {
        NDArray rounded = Precision.FLOAT16.convert(manager.create(latent));
        assertThat(Precision.FLOAT32.convert(rounded).getFloat()).isEqualTo(latent);
      }
      long sum =
          differences(picture.image(), pipeline.generate(course()).image()).values().stream()
              .mapToInt(Math::abs)
              .sum();
      assertThat((double) sum / (3 * 96 * 64)).as("mean difference of 255").isLessThan(2);
    }
  }

  @Test
  void aSavedPictureIsDrawnAgainInTheSameWay(@TempDir Path folder) {
    Prompt prompt = course().asInTheCourse(CudaGpu.T4).steps(2);
    GeneratedPicture picture = pipeline.generate(prompt);
    Path file = picture.save(folder.resolve("course.png"));
    assertThat(picture.parameters()).contains("RNG: NV");
    assertThat(GeneratedPicture.parameters(file).prompt()).isEqualTo(prompt);
  }

  @Test
  void withoutAGpuItIsRefused() {
    assertThatThrownBy(() -> Prompt.of("").asInTheCourse(null)).hasMessageContaining("CudaGpu.A10");
  }
}
