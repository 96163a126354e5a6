package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void theOptionsOfDiffusersAndSdScriptsAreUnderstood() throws IOException {
    int code =
        run(
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
            "32",
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
