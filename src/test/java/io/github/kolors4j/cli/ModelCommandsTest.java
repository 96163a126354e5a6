package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.hub.LocalHub;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code kolors4j download}, {@code merge} and {@code convert}. */
class ModelCommandsTest {
  private static final String MODEL = Golden.TINY.toString();

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Kolors4j.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"modelscope", "huggingface"})
  void aModelIsDownloadedWithProgress(String source) {
    try (LocalHub hub = new LocalHub()) {
      hub.files.put("unet/config.json", "{}".getBytes(StandardCharsets.UTF_8));
      hub.files.put("unet/weights.safetensors", new byte[50_000]);
      String endpoint = hub.address().toString();
      int code =
          run(
              "download",
              "someone/something",
              "--from",
              source,
              "--endpoint",
              endpoint,
              "--folder",
              in("models"));
      assertThat(code).as(err.toString()).isZero();
      Path model = folder.resolve("models/someone/something");
      assertThat(out.toString().strip()).isEqualTo(model.toAbsolutePath().toString());
      assertThat(model.resolve("unet/weights.safetensors")).hasSize(50_000);
      assertThat(err.toString()).contains("someone/something").contains("(100%)");
    }
  }

  @Test
  void aModelThatCannotBeHadIsOneMessage() {
    assertThat(run("download", "Kolor", "--folder", in("models"))).isEqualTo(1);
    assertThat(err.toString().strip())
        .startsWith("There is no model \"Kolor\". Known names are [Kolors, SDXL-vae-fp16-fix]")
        .doesNotContain("\tat ");
  }

  @Test
  void withoutANameTheModelsOfTheCourseAreDownloaded() {
    assertThat(run("download", "--offline", "--folder", in("models"))).isEqualTo(1);
    assertThat(err.toString()).contains("Kolors");
    CommandLine.ParseResult parsed = Kolors4j.commandLine().parseArgs("download").subcommand();
    assertThat(parsed.commandSpec().positionalParameters().get(0).<Object>getValue())
        .asString()
        .isEqualTo("[Kolors, SDXL-vae-fp16-fix]");
  }

  @Test
  void aLoraInAFormatWithoutAlphaComesWithTheOneToLoadIt() {
    String lora = Golden.path("interchange/rslora.diffusers.safetensors").toString();
    for (String format : new String[] {"diffsynth", "peft"}) {
      String file = in(format + ".safetensors");
      assertThat(run("convert", lora, file, "--to", format, "-m", MODEL)).isZero();
      assertThat(err.toString().strip())
          .isEqualTo("This format states no alpha: load it with alpha 16."); // 8 / √4 = 16 / 4
      err.getBuffer().setLength(0);
    }
    assertThat(run("convert", lora, in("folder"), "--to", "peft", "-m", MODEL)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(folder.resolve("folder/adapter_config.json")).exists();
    assertThat(run("merge", "--lora", in("folder"), "-m", MODEL, "-o", in("one"))).isZero();
    assertThat(run("merge", "--lora", lora, "-m", MODEL, "-o", in("other"))).isZero();
    String weights = "unet/diffusion_pytorch_model.safetensors";
    assertThat(folder.resolve("one").resolve(weights))
        .hasSameBinaryContentAs(folder.resolve("other").resolve(weights));
  }

  @Test
  void theUNetsPartOfAFileWithOthersIsTakenAlone() {
    String both = Golden.path("interchange/text-encoder.diffusers.safetensors").toString();
    String[] kohya = {"convert", both, in("x.safetensors"), "--to", "kohya", "-m", MODEL};
    assertThat(run(kohya)).isEqualTo(1);
    assertThat(err.toString()).contains("no names for ChatGLM").contains("--lora-unet-only");
    String[] alone = Arrays.copyOf(kohya, kohya.length + 1);
    alone[kohya.length] = "--lora-unet-only";
    assertThat(run(alone)).isZero();
    String merge = in("merged");
    assertThat(run("merge", "--lora", both, "--lora-unet-only", "-m", MODEL, "-o", merge)).isZero();
    assertThat(folder.resolve("merged/text_encoder/model.safetensors")).doesNotExist();
    assertThat(run("merge", "--lora", both, "-m", MODEL, "-o", in("whole"))).isZero();
    assertThat(folder.resolve("whole/text_encoder/model.safetensors")).exists();
  }

  @Test
  void aLoraOfAnotherModelThanKolorsMiniSaysWhatToName() {
    String lora = Golden.path("lora_files/kohya.safetensors").toString();
    assertThat(run("convert", lora, in("x.safetensors"), "--to", "diffusers")).isEqualTo(1);
    assertThat(err.toString()).contains("fits no layer").contains("--model");
  }

  @Test
  void lorasAreMergedIntoAModelOfTheirOwn() {
    String lora = Golden.path("lora_files/diffsynth.ckpt").toString();
    String merged = in("merged");
    int code =
        run(
            "merge",
            "-m",
            MODEL,
            "--lora",
            lora,
            "--lora-alpha",
            "4",
            "--lora-weight",
            "0.5",
            "-o",
            merged);
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().strip()).isEqualTo(merged);
    String layer = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight";
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile before = WeightFolder.open(Golden.TINY.resolve("unet"));
        TensorFile after = WeightFolder.open(Path.of(merged, "unet"))) {
      assertThat(after.read(layer, manager)).isNotEqualTo(before.read(layer, manager));
    }
    assertThat(run("merge", "-m", MODEL, "--lora", lora, "--lora-alpha", "4", "-o", merged))
        .isEqualTo(1);
    assertThat(err.toString()).contains("is there already");
  }

  @Test
  void aMergeWithoutALoraIsRefused() {
    assertThat(run("merge", "-m", MODEL, "-o", in("merged"))).isEqualTo(2);
    assertThat(err.toString()).contains("--lora");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "diffusers, diffusers.safetensors",
    "kohya, kohya.safetensors",
    "kohya-sdxl, kohya_sdxl.safetensors"
  })
  void aLoraIsConvertedToTheFileThatTheOtherProgramWrites(String format, String name) {
    String input = Golden.path("lora_files/diffsynth.ckpt").toString();
    int code =
        run("convert", input, in(name), "--to", format, "--lora-alpha", "4", "--model", MODEL);
    assertThat(code).as(err.toString()).isZero();
    assertThat(folder.resolve(name))
        .hasSameBinaryContentAs(Golden.path("lora_files").resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet", "vae"})
  void aNetworkBecomesASingleFileAndAFolderAgain(String network) {
    Path original = Golden.TINY.resolve(network);
    String single = in(network + ".safetensors");
    assertThat(run("convert", original.toString(), single, "--to", "single-file"))
        .as(err.toString())
        .isZero();
    try (TensorFile file = WeightFolder.openFile(Path.of(single))) {
      assertThat(file.names())
          .contains(
              network.equals("unet")
                  ? "middle_block.1.transformer_blocks.0.attn1.to_q.weight"
                  : "decoder.mid.attn_1.q.weight");
    }
    assertThat(run("convert", single, in("again"), "--to", "folder", "--model", MODEL))
        .as(err.toString())
        .isZero();
    Path again = folder.resolve("again");
    assertThat(again.resolve("config.json"))
        .hasSameBinaryContentAs(original.resolve("config.json"));
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile expected = WeightFolder.open(original);
        TensorFile actual = WeightFolder.open(again)) {
      assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(actual.info(name)).isEqualTo(expected.info(name));
        assertThat(actual.read(name, manager)).isEqualTo(expected.read(name, manager));
      }
    }
  }

  @Test
  void theConfigurationOfAnotherModelIsNoticedBeforeAnythingIsWritten() throws IOException {
    String single = Golden.path("vae_ldm.safetensors").toString();
    String other = Path.of("data/models/kolors-mini").toString();
    assertThat(run("convert", single, in("vae"), "--to", "folder", "--model", other)).isEqualTo(1);
    assertThat(err.toString()).contains("belongs to another model").contains("--model");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anUnknownFormatIsAnsweredWithTheKnownOnes() {
    assertThat(run("convert", "a.ckpt", "b.ckpt", "--to", "koyha")).isEqualTo(2);
    assertThat(err.toString()).contains("There is no format 'koyha'").contains("kohya-sdxl");
    assertThat(run("convert", in("none.ckpt"), in("b.safetensors"), "--to", "kohya")).isEqualTo(1);
    assertThat(err.toString()).contains("none.ckpt");
  }
}
