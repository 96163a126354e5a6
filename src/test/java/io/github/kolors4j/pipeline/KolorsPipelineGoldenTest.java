package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole pipeline against what diffusers draws with the same weights and random numbers. */
class KolorsPipelineGoldenTest {
  /** The seed whose first draw the recorded runs began with. */
  private static final long SEED = 40;

  private static KolorsPipeline pipeline;
  private static NDManager manager;
  private static Golden golden;

  @BeforeAll
  static void load() {
    pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
    manager = NDManager.newBaseManager();
    golden = new Golden("pipeline", manager);
  }

  @AfterAll
  static void free() {
    pipeline.close();
    golden.close();
    manager.close();
  }

  private static Prompt recorded() {
    return Prompt.of(golden.metadata("prompt"))
        .negative(golden.metadata("negative_prompt"))
        .cfgScale(Double.parseDouble(golden.metadata("guidance_scale")))
        .steps(Integer.parseInt(golden.metadata("steps")));
  }

  private static Prompt textToImage() {
    return recorded()
        .seed(SEED)
        .size(
            Integer.parseInt(golden.metadata("width")),
            Integer.parseInt(golden.metadata("height")));
  }

  @ParameterizedTest
  @CsvSource({
    "euler, EulerDiscreteScheduler",
    "dpmpp_2m, DPMSolverMultistepScheduler",
    "unipc, UniPCMultistepScheduler",
    "deis, DEISMultistepScheduler",
    "enhanced_ddim, EnhancedDDIMScheduler"
  })
  void everySamplerDrawsThePictureOfTheOriginal(String name, String scheduler) {
    GeneratedPicture picture = pipeline.generate(textToImage().scheduler(scheduler));
    NDArray expected = golden.get(name + ".final_latents");
    NDArray latents = manager.create(picture.latents(), expected.getShape());
    Golden.assertClose("final latents", latents, expected, 1e-4);
    assertSamePixels(picture.image(), golden.get(name + ".image"));
  }

  /** Its timesteps are no whole numbers: 1.1 is the greatest that the UNet is told. */
  @Test
  void edmsSamplerDrawsThePictureOfTheOriginal() {
    GeneratedPicture picture =
        pipeline.generate(textToImage().scheduler("EDMDPMSolverMultistepScheduler"));
    try (Golden edm = new Golden("edm_pipeline", manager)) {
      NDArray expected = edm.get("final_latents");
      NDArray latents = manager.create(picture.latents(), expected.getShape());
      Golden.assertClose("final latents", latents, expected, 1e-4);
      assertSamePixels(picture.image(), edm.get("image"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "euler, EulerDiscreteScheduler",
    "dpmpp_2m, DPMSolverMultistepScheduler",
    "unipc, UniPCMultistepScheduler",
    "deis, DEISMultistepScheduler"
  })
  void theSavedPictureIsTheOriginalsPng(String name, String scheduler) throws IOException {
    BufferedImage expected = ImageIO.read(Golden.path("pipeline_" + name + ".png").toFile());
    BufferedImage actual = pipeline.generate(textToImage().scheduler(scheduler)).image();
    assertThat(largestDifference(actual, expected)).isLessThanOrEqualTo(1);
  }

  @Test
  void imageToImageDrawsThePictureOfTheOriginal() throws IOException {
    BufferedImage start = ImageIO.read(Golden.path("img2img_input.png").toFile());
    GeneratedPicture picture =
        pipeline.generate(recorded().seed(5).steps(10).startFrom(start, 0.6));
    assertSamePixels(picture.image(), golden.get("img2img.image"));
  }

  /** Without a size diffusers tells the model the one that it was made for: 64×64 here. */
  @Test
  void theModelCanBeToldTheSizeThatDiffusersTellsIt() throws IOException {
    BufferedImage start = ImageIO.read(Golden.path("img2img_input.png").toFile());
    Prompt prompt = recorded().seed(5).steps(10).startFrom(start, 0.6);
    try (Golden told = new Golden("told_size", manager)) {
      assertSamePixels(pipeline.generate(prompt).image(), told.get("own"));
      assertSamePixels(pipeline.generate(prompt.toldSize(64, 64)).image(), told.get("default"));
    }
  }

  /** Within 1/255 of colours (height, width, 3) in [0, 1]. */
  private static void assertSamePixels(BufferedImage actual, NDArray expected) {
    assertThat(actual.getHeight()).isEqualTo((int) expected.getShape().get(0));
    assertThat(actual.getWidth()).isEqualTo((int) expected.getShape().get(1));
    float[] colours = expected.toFloatArray();
    double largest = 0;
    for (int i = 0; i < colours.length; i++) {
      int pixel = i / 3;
      int rgb = actual.getRGB(pixel % actual.getWidth(), pixel / actual.getWidth());
      int colour = rgb >> 16 - 8 * (i % 3) & 0xff;
      largest = Math.max(largest, Math.abs(colour - 255.0 * colours[i]));
    }
    assertThat(largest).as("largest difference in 1/255").isLessThanOrEqualTo(1);
  }

  private static int largestDifference(BufferedImage a, BufferedImage b) {
    assertThat(a.getWidth()).isEqualTo(b.getWidth());
    assertThat(a.getHeight()).isEqualTo(b.getHeight());
    int largest = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int difference = (a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff);
          largest = Math.max(largest, Math.abs(difference));
        }
      }
    }
    return largest;
  }
}
