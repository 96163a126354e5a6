package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.lora.LoraLayer;
import io.github.kolors4j.lora.LoraWeights;
import io.github.kolors4j.lora.TextEncoderLoraFile;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.pipeline.GeneratedPicture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class Kolors4jTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void generateWritesAPictureAndPrintsItsPath() throws Exception {
    Path picture = folder.resolve("boy.png");
    String output = picture.toString();
    assertThat(
            generate("--model", Golden.TINY.toString(), "--steps=2", "--size=16x24", "-o", output))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().strip()).isEqualTo(picture.toAbsolutePath().toString());
    assertThat(ImageIO.read(picture.toFile()).getHeight()).isEqualTo(24);
  }

  @Test
  void aMistakeIsOneMessageWithoutAStackTrace() {
    assertThat(generate("--size=1024")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("The size is written as 1024x1024 (width x height), not as 1024.");
  }

  @Test
  void anOutputThatIsNoPngIsRefusedBeforeAnythingIsDrawn() {
    assertThat(generate("--model", folder.resolve("none").toString(), "-o", "boy.jpg"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("boy.jpg").doesNotContain("model folder");
  }

  @Test
  void theLatentsOfOneRunAreTheStartOfAnother() {
    String model = Golden.TINY.toString();
    String first = folder.resolve("first.safetensors").toString();
    String second = folder.resolve("second.safetensors").toString();
    String picture = folder.resolve("a.png").toString();
    String[] common = {"--model", model, "--steps=2", "-o", picture};
    assertThat(generate(with(common, "--size=16x16", "--seed=3", "--save-latents", first)))
        .as(err.toString())
        .isZero();
    assertThat(
            generate(
                with(
                    common,
                    "--size=16x16",
                    "--seed=4",
                    "--latents",
                    first,
                    "--save-latents",
                    second)))
        .as(err.toString())
        .isZero();
    assertThat(Path.of(second)).hasSameBinaryContentAs(Path.of(first));
    assertThat(generate(with(common, "--latents", first, "--size=32x16"))).isEqualTo(1);
    assertThat(err.toString()).contains("but the picture takes");
    assertThat(generate("--init", picture, "--latents", first)).isEqualTo(1);
    assertThat(err.toString()).contains("start from noise, not from --init");
  }

  @Test
  void severalLorasEachHaveTheirAlphaAndWeight() {
    Path picture = folder.resolve("a.png");
    String lora = Golden.path("lora_files/diffsynth.ckpt").toString();
    String kohya = Golden.path("lora_files/kohya.safetensors").toString();
    String model = Golden.TINY.toString();
    assertThat(
            generate(
                "--model",
                model,
                "--steps=1",
                "--size=16x16",
                "-o",
                picture.toString(),
                "--lora",
                lora,
                "--lora-alpha",
                "2",
                "--lora",
                kohya,
                "--lora-weight",
                "0.5"))
        .as(err.toString())
        .isZero();
    assertThat(GeneratedPicture.parameters(picture).adapters())
        .containsExactly("diffsynth.ckpt, alpha 2.0", "kohya.safetensors, alpha 4.0, weight 0.5");
  }

  @Test
  void aTextEncodersLoraChangesThePicture() throws Exception {
    Path lora = folder.resolve("text.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      ChatGlm encoder = ChatGlm.load(Golden.TINY.resolve("text_encoder"), manager);
      String layer = "encoder.layers.0.self_attention.query_key_value";
      Shape weight = encoder.weights().tensors().get(layer + ".weight").getShape();
      NDArray down = manager.ones(new Shape(2, weight.get(1)));
      NDArray up = manager.ones(new Shape(weight.get(0), 2)).mul(0.1f);
      TextEncoderLoraFile.write(
          lora, new LoraWeights(Map.of(layer, new LoraLayer(down, up))).withAlpha(2));
    }
    Path without = folder.resolve("without.png");
    Path with = folder.resolve("with.png");
    String[] common = {"--model", Golden.TINY.toString(), "--steps=2", "--size=16x16", "--seed=1"};
    assertThat(generate(with(common, "-o", without.toString()))).as(err.toString()).isZero();
    assertThat(
            generate(with(common, "-o", with.toString(), "--text-encoder-lora", lora.toString())))
        .as(err.toString())
        .isZero();
    assertThat(pixels(with)).isNotEqualTo(pixels(without));
    assertThat(generate("--text-encoder-lora", folder.resolve("none").toString())).isEqualTo(1);
  }

  private static int[] pixels(Path picture) throws IOException {
    return ImageIO.read(picture.toFile()).getRGB(0, 0, 16, 16, null, 0, 16);
  }

  @Test
  void aPictureThatDoesNotFitIntoTheMemoryGivenIsRefusedWithAdvice() {
    String output = folder.resolve("a.png").toString();
    assertThat(generate("--model", Golden.TINY.toString(), "--memory=0.5", "-o", output))
        .isEqualTo(1);
    assertThat(err.toString()).contains("does not fit").doesNotContain("\tat ");
  }

  @Test
  void everyCommandHasHelp() {
    assertThat(Kolors4j.commandLine().getSubcommands().keySet())
        .contains("download", "generate", "train-lora", "merge", "convert");
    for (String name : Kolors4j.commandLine().getSubcommands().keySet()) {
      StringWriter help = new StringWriter();
      CommandLine command = Kolors4j.commandLine().setOut(new PrintWriter(help, true));
      assertThat(command.execute(name, "--help")).isZero();
      assertThat(help.toString()).contains("Usage: kolors4j " + name);
    }
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearest() {
    assertThat(generate("--sedd=1")).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option").contains("--seed");
  }

  private static String[] with(String[] common, String... more) {
    return Stream.concat(Stream.of(common), Stream.of(more)).toArray(String[]::new);
  }

  private int generate(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "generate";
    arguments[1] = "蓝色头发的男孩";
    System.arraycopy(options, 0, arguments, 2, options.length);
    CommandLine command = Kolors4j.commandLine();
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
