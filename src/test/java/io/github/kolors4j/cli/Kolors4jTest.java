package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.tensor.CudaGpu;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void theCoursesWayAndAnotherToldSizeGoIntoThePicture() throws Exception {
    Path picture = folder.resolve("course.png");
    assertThat(
            generate(
                "--model",
                Golden.TINY.toString(),
                "--steps=2",
                "--size=16x24",
                "--seed=1",
                "--told-size=64x64",
                "--course-gpu=T4",
                "-o",
                picture.toString()))
        .as(err.toString())
        .isZero();
    Prompt drawn = GeneratedPicture.parameters(picture).prompt();
    assertThat(drawn.courseGpu()).isEqualTo(CudaGpu.T4);
    assertThat(drawn.scheduler()).isEqualTo("EnhancedDDIMScheduler");
    assertThat(drawn.toldWidth()).isEqualTo(64);
  }

  @Test
  void filesThatAreNotThereAreNamedBeforeAModelIsLoaded() {
    for (String option : new String[] {"--lora", "--text-encoder-lora", "--latents"}) {
      err.getBuffer().setLength(0);
      String nowhere = folder.resolve("nowhere.safetensors").toString();
      assertThat(generate("--model", folder.toString(), option, nowhere)).isEqualTo(1);
      assertThat(err.toString()).contains("nowhere.safetensors");
    }
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
      LoraFile.writeTextEncoder(
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
  void aWrongValueIsTwoLinesWithTheOptionAsTyped() {
    assertThat(generate("--cfg", "abc")).isEqualTo(2);
    assertThat(generate("--guidance_scale=abc")).isEqualTo(2);
    assertThat(generate("-s", "x1")).isEqualTo(2);
    assertThat(generate("--steps=1.5")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "Invalid value for option '--cfg': 'abc' is not a number.",
            "kolors4j generate --help shows the options.",
            "Invalid value for option '--guidance_scale': 'abc' is not a number.",
            "kolors4j generate --help shows the options.",
            "Invalid value for option '-s': 'x1' is not a whole number.",
            "kolors4j generate --help shows the options.",
            "Invalid value for option '--steps': '1.5' is not a whole number.",
            "kolors4j generate --help shows the options.");
  }

  @Test
  void aPromptThatBeginsWithAnAtIsNoFile() throws IOException {
    Path picture = folder.resolve("a.png");
    CommandLine command = Kolors4j.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String model = Golden.TINY.toString();
    String[] arguments = {
      "generate", "@README.md", "-m", model, "--steps=1", "--size=16x16", "-o", picture.toString()
    };
    assertThat(command.execute(arguments)).as(err.toString()).isZero();
    assertThat(GeneratedPicture.parameters(picture).prompt().text()).isEqualTo("@README.md");
  }

  @Test
  void severalPicturesHaveSeedsThatCountUp() throws IOException {
    String[] common = {"--model", Golden.TINY.toString(), "--steps=1", "--size=16x16"};
    String output = folder.resolve("a.png").toString();
    assertThat(generate(with(common, "--seed=7", "--count=3", "-o", output)))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            folder.resolve("a-7.png").toString(),
            folder.resolve("a-8.png").toString(),
            folder.resolve("a-9.png").toString());
    assertThat(generate(with(common, "--seed=8", "-o", output))).isZero();
    assertThat(pixels(folder.resolve("a-8.png"))).isEqualTo(pixels(Path.of(output)));
    assertThat(pixels(folder.resolve("a-9.png"))).isNotEqualTo(pixels(Path.of(output)));
    assertThat(generate("--count=0")).isEqualTo(1);
    assertThat(generate("--count=2", "--latents=x")).isEqualTo(1);
    String longest = folder.resolve("a".repeat(251) + ".png").toString();
    assertThat(generate("--count=2", "-m", "nowhere", "-o", longest)).isEqualTo(1);
    assertThat(generate("-m", "nowhere", "-o", output + "/b.png")).isEqualTo(1);
    assertThat(err.toString())
        .contains("--count must be at least 1", "are for one picture")
        .contains("-2147483647.png: cannot be written: File name too long")
        .contains("cannot be written: " + output + " is no folder");
  }

  @Test
  void whatBeginsWithADashIsTakenOrHowToWriteItIsSaid() {
    assertThat(generate("-o", "-s.png")).isEqualTo(2);
    assertThat(err.toString()).contains("is written with ./ before it");
    CommandLine command = Kolors4j.commandLine();
    command.setErr(new PrintWriter(err, true));
    assertThat(command.execute("generate", "-1 girl")).isEqualTo(2);
    assertThat(err.toString()).contains("A prompt or a path that begins with a dash goes last");
    assertThat(generate("--model=./-none")).isEqualTo(1);
    assertThat(generate("-m", "-x/none")).isEqualTo(1);
    assertThat(err.toString()).contains("-none", "-x/none");
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    CommandLine command = Kolors4j.commandLine().setOut(new PrintWriter(out, true));
    assertThat(command.execute("--version")).isZero();
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(out.toString()).startsWith("kolors4j " + version.group(1) + "\n");
  }

  @Test
  void aScriptCompletesCommandsAndOptions() {
    CommandLine command = Kolors4j.commandLine().setOut(new PrintWriter(out, true));
    assertThat(command.execute("completion")).isZero();
    assertThat(out.toString())
        .contains(
            "complete -F _complete_kolors4j", "generate", "dj-analyze", "--num_images_per_prompt");
  }

  @Test
  void argumentsWhoseCharactersAreLostAreRefusedWithTheRemedy() {
    String[] lost = {"generate", "\ufffd\ufffd\ufffd"};
    assertThat(Kolors4j.lost(lost, "ANSI_X3.4-1968")).contains("LC_ALL=C.UTF-8");
    assertThat(Kolors4j.lost(lost, "UTF-8")).isNull();
    assertThat(Kolors4j.lost(new String[] {"generate", "a boy"}, "ANSI_X3.4-1968")).isNull();
  }

  @Test
  void everyCommandHasHelp() {
    assertThat(Kolors4j.commandLine().getSubcommands().keySet())
        .contains("download", "generate", "train-lora", "merge", "convert", "completion");
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
