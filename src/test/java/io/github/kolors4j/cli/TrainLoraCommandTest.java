package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingTable;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.LossWeighting;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code kolors4j train-lora}, with the options as the course writes them. */
class TrainLoraCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void draw() throws IOException {
    Path train = Files.createDirectories(folder.resolve("data/train"));
    BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(picture, "png", train.resolve("0.png").toFile());
    Files.writeString(train.resolve("metadata.csv"), "\ufefffile_name,text\n0.png,二次元\n");
  }

  private int run(String... arguments) {
    CommandLine command = Kolors4j.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void theCoursesCommandLineTrains() {
    int code =
        run(
            "train-lora",
            "--pretrained_unet_path",
            Golden.TINY.resolve("unet/diffusion_pytorch_model.safetensors").toString(),
            "--pretrained_text_encoder_path",
            Golden.TINY.resolve("text_encoder").toString(),
            "--pretrained_fp16_vae_path",
            Golden.TINY.resolve("vae/diffusion_pytorch_model.safetensors").toString(),
            "--lora_rank",
            "16",
            "--lora_alpha",
            "4.0",
            "--dataset_path",
            folder.resolve("data").toString(),
            "--output_path",
            folder.resolve("models").toString(),
            "--max_epochs",
            "1",
            "--steps_per_epoch",
            "2",
            "--height",
            "32",
            "--width",
            "32",
            "--center_crop",
            "--use_gradient_checkpointing",
            "--precision",
            "16-mixed");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().strip()).endsWith("epoch=0-step=2.ckpt");
    assertThat(Path.of(out.toString().strip())).exists();
    assertThat(err.toString()).contains("bf16-mixed").contains("step 2/2");
  }

  private int train(String... more) {
    Stream<String> arguments =
        Stream.of(
            "train-lora",
            "--pretrained_model",
            Golden.TINY.toString(),
            "--dataset_path",
            folder.resolve("data").toString(),
            "--output_path",
            folder.resolve("models").toString(),
            "--steps_per_epoch",
            "1",
            "--height",
            "32",
            "--width",
            "32");
    return run(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void noCaptionsAtAllAreAnErrorAndSomeMissingANotice() throws IOException {
    Path train = folder.resolve("data/train");
    Files.write(
        train.resolve("metadata.csv"), "file_name,prompt\n0.png,男孩\n0.png,\n".getBytes("GBK"));
    assertThat(train("--caption_column", "prompt")).isEqualTo(1);
    assertThat(err.toString()).contains("metadata.csv, line 2", "GBK", "--caption_encoding");
    assertThat(train("--caption_column", "prompt", "--caption_encoding", "GBK"))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("1 of 2 pictures have no caption", "the column prompt");

    Files.delete(train.resolve("metadata.csv"));
    assertThat(train()).isEqualTo(1);
    assertThat(err.toString())
        .contains("None of the 1 pictures", "0.txt, 0.caption", "--caption_column");
  }

  @Test
  void anEmptyDatasetPathIsAnError() {
    assertThat(run("train-lora", "--dataset_path", "")).isNotZero();
    assertThat(err.toString()).contains("dataset_path");
  }

  /** The command line of the course's notebook, word for word after the script's name. */
  private static final String COURSE =
      "--pretrained_unet_path models/kolors/Kolors/unet/diffusion_pytorch_model.safetensors"
          + " --pretrained_text_encoder_path models/kolors/Kolors/text_encoder"
          + " --pretrained_fp16_vae_path models/sdxl-vae-fp16-fix/diffusion_pytorch_model.safetensors"
          + " --lora_rank 16 --lora_alpha 4.0 --dataset_path data/lora_dataset_processed"
          + " --output_path ./models --max_epochs 1 --center_crop --use_gradient_checkpointing"
          + " --precision 16-mixed";

  @Test
  void theCoursesCommandLineIsUnderstoodWordForWord() {
    CommandLine.ParseResult parsed =
        Kolors4j.commandLine().parseArgs(("train-lora " + COURSE).split(" ")).subcommand();
    assertThat(parsed.unmatched()).isEmpty();
    assertThat(parsed.<Integer>matchedOptionValue("--lora_rank", 0)).isEqualTo(16);
    assertThat(parsed.<String>matchedOptionValue("--precision", "")).isEqualTo("16-mixed");
    assertThat(parsed.<Path>matchedOptionValue("--pretrained_fp16_vae_path", null))
        .isEqualTo(Path.of("models/sdxl-vae-fp16-fix/diffusion_pytorch_model.safetensors"));
  }

  @Test
  void theCoursesCommandLineTrainsInTheCoursesFolders() throws IOException {
    copy(Golden.TINY, folder.resolve("models/kolors/Kolors"));
    // As published: the tokenizer lies in the text encoder's folder, the VAE has no configuration.
    Path kolors = folder.resolve("models/kolors/Kolors");
    Files.move(
        kolors.resolve("tokenizer/tokenizer.model"),
        kolors.resolve("text_encoder/tokenizer.model"));
    Files.move(kolors.resolve("tokenizer"), folder.resolve("unused"));
    Path vae = Files.createDirectories(folder.resolve("models/sdxl-vae-fp16-fix"));
    Files.move(
        kolors.resolve("vae/diffusion_pytorch_model.safetensors"),
        vae.resolve("diffusion_pytorch_model.safetensors"));
    copy(folder.resolve("data"), folder.resolve("data/lora_dataset_processed"));

    String inFolder =
        COURSE
            .replace(" models/", " " + folder + "/models/")
            .replace("./models", folder + "/models")
            .replace(" data/", " " + folder + "/data/");
    int code =
        run(("train-lora " + inFolder + " --steps_per_epoch 1 --height 16 --width 16").split(" "));
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().strip())
        .endsWith("models/lightning_logs/version_0/checkpoints/epoch=0-step=1.ckpt");
    assertThat(Path.of(out.toString().strip())).exists();
  }

  @Test
  void aStrategyForSeveralGpusIsRefused() {
    int code = run("train-lora", "--dataset_path", "d", "--training_strategy", "deepspeed_stage_2");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("deepspeed_stage_2 is for several GPUs");
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }

  @Test
  void theOptionsOfDiffusersAndSdScriptsAreUnderstood() throws IOException {
    int code =
        train(
            "--enable_bucket",
            "--min_bucket_reso=16",
            "--max_bucket_reso=64",
            "--bucket_reso_steps=16",
            "--noise_offset",
            "0.05",
            "--shuffle_caption",
            "--keep_tokens=1",
            "--caption_separator=，",
            "--caption_dropout_rate=0.1",
            "--optimizer_type",
            "prodigy",
            "--use_ema",
            "--use_dora",
            "--train_text_encoder");
    assertThat(code).as(err.toString()).isZero();
    Path checkpoint = Path.of(out.toString().strip());
    assertThat(Files.readString(checkpoint.resolve("../../hparams.yaml").normalize()))
        .contains("optimizer: Prodigy", "learning_rate: 1.0", "ema_decay: 0.9999")
        .contains("enable_bucket: true", "noise_offset: 0.05", "caption_dropout: 0.1")
        .contains("use_dora: true", "train_text_encoder: true", "keep_tokens: 1");
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheNearestOne() {
    assertThat(run("train-lora", "--dataset_path", "data", "--lora_rang", "16")).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option").contains("--lora_rank");
  }

  @Test
  void everyTrainingOptionIsAFlagWithTheLibrarysDefaultAndAMethodOfTheLibrary() {
    CommandLine command = Kolors4j.commandLine().getSubcommands().get("train-lora");
    List<String> methods = Stream.of(LoraTraining.class.getMethods()).map(Method::getName).toList();
    for (TrainingOption<?> option : TrainingTable.ROWS) {
      CommandLine.Model.OptionSpec flag = command.getCommandSpec().findOption("--" + option.name());
      assertThat(flag).as(option.name()).isNotNull();
      assertThat(flag.description()).containsExactly(option.meaning());
      String usual = TrainingOption.written(option.usual()).toString();
      assertThat(flag.defaultValue()).isIn(usual, usual.matches("|NaN") ? null : usual);
      String method =
          switch (option.name()) {
            case "dataset_path" -> "dataset";
            case "validate_every", "held_back" -> "validation";
            default -> camelCase(option.name());
          };
      assertThat(methods).contains(method);
    }
  }

  private static String camelCase(String name) {
    return Pattern.compile("_(.)").matcher(name).replaceAll(m -> m.group(1).toUpperCase());
  }

  /** The table is made anew with {@code mvn test -Dtest=TrainLoraCommandTest -Ddocs.write=true}. */
  @Test
  void theDocumentsTableIsTheLibrarys() throws IOException {
    String begin = "| option | if nothing is said | what it is |\n|---|---|---|\n";
    StringBuilder rows = new StringBuilder(begin);
    for (TrainingOption<?> option : TrainingTable.ROWS) {
      Object usual = TrainingOption.written(option.usual());
      String shown = usual.equals("") || usual.equals(Double.NaN) ? "" : "`" + usual + "`";
      rows.append("| `%s` | %s | %s |\n".formatted(option.name(), shown, option.meaning()));
    }
    Path page = Path.of("docs/training.md");
    String text = Files.readString(page);
    int start = text.indexOf(begin);
    int end = text.indexOf("\n\n", start) + 1;
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(page, text.substring(0, start) + rows + text.substring(end));
    }
    assertThat(Files.readString(page)).contains(rows);
  }

  @Test
  void whatHparamsSaysIsUnderstoodAgain() {
    LoraTraining training =
        LoraTraining.on(Golden.TINY)
            .loraRank(16)
            .dataset(folder.resolve("data"))
            .lossWeighting(LossWeighting.minSnr(5))
            .loraTargetModules(List.of("to_q", "to_k"))
            .learningRate(1e-5);
    Map<String, String> written = new LinkedHashMap<>();
    training
        .toString()
        .lines()
        .skip(2) // the heading, and the model
        .map(line -> line.strip().split(": ?", 2))
        .forEach(pair -> written.put(pair[0], pair[1]));
    assertThat(LoraTraining.on(Golden.TINY).options(written)).hasToString(training.toString());
  }

  @Test
  void twoWeightingsOfTheLossAreRefused() {
    int code =
        run("train-lora", "--dataset_path", "d", "--snr_gamma", "5", "--debiased_estimation_loss");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--snr_gamma").contains("give one");
  }

  @Test
  void aWrongValueIsOneMessage() {
    String model = Golden.TINY.toString();
    String data = folder.resolve("data").toString();
    int code =
        run("train-lora", "--pretrained_model", model, "--dataset_path", data, "--lora_rank", "0");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip()).startsWith("lora_rank is 0, but must be 1 or more");
  }
}
