package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.comfy.PromptExecution.Outcome;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The course's graphs on kolors-mini, against what the pipeline draws: pixel for pixel. */
class DrawnGraphsTest {
  private static final int STEPS = 3;

  @TempDir private static Path base;
  private static PromptExecution execution;

  @BeforeAll
  static void open() {
    execution = new PromptExecution(NodeCatalogue.load(new ComfyFolders(base)));
  }

  @AfterEach
  void forget() {
    execution.free(false, true);
  }

  @AfterAll
  static void close() {
    execution.close();
  }

  /** The published graph, with a saved picture in place of a shown one. */
  private static JsonObject kolors(String prompt, String scheduler, int side) {
    return JsonParser.parseString(
            """
            {"6": {"class_type": "DownloadAndLoadKolorsModel",
                   "inputs": {"model": "Kwai-Kolors/Kolors", "precision": "fp16"}},
             "13": {"class_type": "DownloadAndLoadChatGLM3", "inputs": {"precision": "quant8"}},
             "11": {"class_type": "VAELoader", "inputs": {"vae_name": "sdxl.vae.safetensors"}},
             "12": {"class_type": "KolorsTextEncode", "inputs": {"chatglm3_model": ["13", 0],
                    "prompt": "%s", "negative_prompt": "丑陋", "num_images_per_prompt": 1}},
             "14": {"class_type": "KolorsSampler", "inputs": {"kolors_model": ["6", 0],
                    "kolors_embeds": ["12", 0], "width": %d, "height": %d,
                    "seed": 1000102404233412, "steps": %d, "cfg": 5, "scheduler": "%s"}},
             "10": {"class_type": "VAEDecode", "inputs": {"samples": ["14", 0], "vae": ["11", 0]}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["10", 0],
                   "filename_prefix": "drawn/Kolors"}}}
            """
                .formatted(prompt, side, side, STEPS, scheduler))
        .getAsJsonObject();
  }

  private static HeardRun run(JsonObject prompt) {
    return run(prompt, execution);
  }

  private static HeardRun run(JsonObject prompt, PromptExecution execution) {
    HeardRun heard = new HeardRun();
    Outcome outcome = execution.run("id", prompt, new JsonObject(), Set.of("3"), heard);
    assertThat(heard.failure).isNull();
    assertThat(outcome).isEqualTo(Outcome.SUCCESS);
    return heard;
  }

  private static List<BufferedImage> pictures(HeardRun heard) {
    return pictures(heard, base);
  }

  private static List<BufferedImage> pictures(HeardRun heard, Path base) {
    List<BufferedImage> pictures = new ArrayList<>();
    JsonArray images = heard.executed.get("3").getAsJsonArray("images");
    images.forEach(
        image -> {
          JsonObject file = image.getAsJsonObject();
          assertThat(file.get("type").getAsString()).isEqualTo("output");
          pictures.add(
              PictureFile.read(
                  base.resolve("output")
                      .resolve(file.get("subfolder").getAsString())
                      .resolve(file.get("filename").getAsString())));
        });
    return pictures;
  }

  private static void requireSame(BufferedImage drawn, BufferedImage expected) {
    assertThat(pixels(drawn)).isEqualTo(pixels(expected));
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  private static Prompt asked(String text, String scheduler) {
    return Prompt.of(text)
        .negative("丑陋")
        .seed(1000102404233412L)
        .steps(STEPS)
        .cfgScale(5)
        .scheduler(scheduler);
  }

  @Test
  void aGraphDrawsWhatThePipelineDraws() throws IOException {
    HeardRun heard = run(kolors("一个红色头发的女孩", "EulerAncestralDiscreteScheduler", 1024));
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      GeneratedPicture expected =
          pipeline.generate(asked("一个红色头发的女孩", "EulerAncestralDiscreteScheduler"));
      requireSame(pictures(heard).get(0), expected.image());
    }
    assertThat(heard.texts).anyMatch(text -> text.contains("kolors-mini"));
    assertThat(heard.progress).containsExactly(1., 1 / 3., 2 / 3., 1.); // the prompt, three steps
    assertThat(heard.previews).hasSize(STEPS);
    Path file = base.resolve("output/drawn/Kolors_00001_.png");
    assertThat(PngText.read(file)).containsKey("prompt");
    Files.copy(
        file, Path.of("target/graph.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    PictureFile.write(heard.previews.get(0), Path.of("target/graph-preview-0.png"));
    PictureFile.write(heard.previews.get(2), Path.of("target/graph-preview-2.png"));
  }

  /** The published graph of a picture from a picture, of the same size as the model's. */
  @Test
  void aGraphThatStartsFromAPictureDrawsWhatThePipelineDraws() {
    BufferedImage start = circle(300, 280);
    PictureFile.write(start, base.resolve("input/start.png"));
    JsonObject prompt = kolors("蓝色头发的男孩", "EulerDiscreteScheduler", 1024);
    prompt.add(
        "17",
        JsonParser.parseString(
            "{\"class_type\": \"LoadImage\", \"inputs\": {\"image\": \"start.png\"}}"));
    prompt.add(
        "16",
        JsonParser.parseString(
            "{\"class_type\": \"VAEEncode\", \"inputs\": {\"pixels\": [\"17\", 0], \"vae\": [\"11\", 0]}}"));
    JsonObject sampler = prompt.getAsJsonObject("14").getAsJsonObject("inputs");
    sampler.add("latent", JsonParser.parseString("[\"16\", 0]"));
    sampler.addProperty("denoise_strength", 0.75);
    sampler.addProperty("steps", 4);
    HeardRun heard = run(prompt);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      GeneratedPicture expected =
          pipeline.generate(
              asked("蓝色头发的男孩", "EulerDiscreteScheduler")
                  .steps(4)
                  .startFrom(start, 0.75)
                  .size(272, 240)
                  .toldSize(256, 256));
      requireSame(pictures(heard).get(0), expected.image());
    }
    assertThat(heard.progress).hasSize(1 + 3); // the prompt, three of four steps
  }

  /** As diffusers numbers a seed's noise: the second picture's follows the first one's. */
  @Test
  void promptsPartedByABarAreABatchWhoseFirstPictureIsThatOfTheSeedAlone() {
    HeardRun heard = run(kolors("红色头发|蓝色头发", "EulerDiscreteScheduler", 128));
    List<BufferedImage> drawn = pictures(heard);
    assertThat(drawn).hasSize(2);
    float[] noise = new TorchRandom(1000102404233412L).randn(2, 32, 8, 8);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      Prompt first = asked("红色头发", "EulerDiscreteScheduler").size(128, 128);
      requireSame(drawn.get(0), pipeline.generate(first).image());
      Prompt second =
          first.text("蓝色头发").noise(Arrays.copyOfRange(noise, noise.length / 2, noise.length));
      requireSame(drawn.get(1), pipeline.generate(second).image());
    }
    assertThat(heard.progress).hasSize(2 + 2 * STEPS).endsWith(1.);
  }

  /** kolors-tiny's latents are scaled by 0.13025, as Kolors' are. */
  @Test
  void aGraphWithALoraDrawsWhatThePipelineDrawsWithIt(@TempDir Path base) throws IOException {
    try (PromptExecution own = new PromptExecution(NodeCatalogue.load(new ComfyFolders(base)))) {
      drawWithALora(base, own);
    }
  }

  private static void drawWithALora(Path base, PromptExecution execution) throws IOException {
    copy(Golden.TINY, base.resolve("models/diffusers/tiny"));
    Path lora = base.resolve("models/loras/course.ckpt");
    Files.createDirectories(lora.getParent());
    Files.copy(Golden.path("lora_files/diffsynth.ckpt"), lora);
    JsonObject prompt = kolors("蓝色", "EulerDiscreteScheduler", 64);
    prompt.getAsJsonObject("6").getAsJsonObject("inputs").addProperty("model", "tiny");
    prompt.add(
        "20",
        JsonParser.parseString(
            """
            {"class_type": "LoadKolorsLoRA", "inputs": {"kolors_model": ["6", 0],
             "lora_path": "/elsewhere/course.ckpt", "lora_alpha": 4.0}}
            """));
    prompt
        .getAsJsonObject("14")
        .getAsJsonObject("inputs")
        .add("kolors_model", JsonParser.parseString("[\"20\", 0]"));
    copy(Golden.TINY, base.resolve("models/diffusers/Kolors"));
    HeardRun with = run(prompt, execution);
    try (KolorsPipeline pipeline =
        KolorsPipeline.options().textEncoder("int8").load(ModelFolder.of(Golden.TINY))) {
      Prompt asked = asked("蓝色", "EulerDiscreteScheduler").size(64, 64);
      BufferedImage without = pipeline.generate(asked).image();
      pipeline.add(Lora.of(lora).alpha(4));
      BufferedImage expected = pipeline.generate(asked).image();
      requireSame(pictures(with, base).get(0), expected);
      assertThat(pixels(expected)).isNotEqualTo(pixels(without));
    }
    prompt.getAsJsonObject("20").getAsJsonObject("inputs").addProperty("lora_alpha", 1.0);
    HeardRun again = run(prompt, execution);
    assertThat(again.executing).containsExactlyInAnyOrder("20", "14", "10", "3");
    assertThat(pixels(pictures(again, base).get(0)))
        .isNotEqualTo(pixels(pictures(with, base).get(0)));
  }

  @Test
  void comfyUisOwnNodesDrawTheSame() {
    JsonObject prompt =
        JsonParser.parseString(
                """
                {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "kolors-mini"}},
                 "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "红色头发"}},
                 "5": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "丑陋"}},
                 "4": {"class_type": "EmptyLatentImage",
                       "inputs": {"width": 128, "height": 128, "batch_size": 1}},
                 "6": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "positive": ["2", 0],
                       "negative": ["5", 0], "latent_image": ["4", 0], "seed": 1000102404233412,
                       "steps": 3, "cfg": 5, "sampler_name": "dpmpp_2m",
                       "scheduler": "ddim_uniform", "denoise": 1}},
                 "7": {"class_type": "VAEDecode", "inputs": {"samples": ["6", 0], "vae": ["1", 2]}},
                 "3": {"class_type": "SaveImage",
                       "inputs": {"images": ["7", 0], "filename_prefix": "K"}}}
                """)
            .getAsJsonObject();
    HeardRun heard = run(prompt);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      Prompt asked = asked("红色头发", "DPMSolverMultistepScheduler").size(128, 128);
      requireSame(pictures(heard).get(0), pipeline.generate(asked).image());
    }
  }

  @Test
  void whatDidNotChangeIsNotRunAgainAndMemoryDoesNotGrow() {
    JsonObject prompt = kolors("红色头发", "EulerDiscreteScheduler", 128);
    run(prompt);
    HeardRun same = run(prompt);
    assertThat(same.executing).isEmpty();
    assertThat(same.cached).containsExactlyInAnyOrder("6", "13", "11", "12", "14", "10", "3");
    assertThat(same.executed).containsOnlyKeys("3");
    JsonObject sampler = prompt.getAsJsonObject("14").getAsJsonObject("inputs");
    List<Integer> arrays = new ArrayList<>();
    for (int seed = 1; seed <= 4; seed++) {
      sampler.addProperty("seed", seed);
      HeardRun other = run(prompt);
      assertThat(other.executing).containsExactly("14", "10", "3");
      arrays.add(execution.models().keptArrays());
    }
    assertThat(arrays).containsOnly(arrays.get(0));
    assertThat(execution.keptResults()).isEqualTo(7);
    execution.free(true, true);
    assertThat(execution.models().keptArrays()).isZero();
    assertThat(execution.models().size()).isZero();
  }

  @Test
  void anInterruptEndsTheRunWithinOneStep() {
    JsonObject prompt = kolors("红色头发", "EulerDiscreteScheduler", 128);
    prompt.getAsJsonObject("14").getAsJsonObject("inputs").addProperty("steps", 50);
    HeardRun heard = new HeardRun();
    heard.onProgress =
        run -> {
          if (run.progress.size() == 3) { // the prompt, and two steps
            execution.interrupt();
          }
        };
    Outcome outcome = execution.run("id", prompt, new JsonObject(), Set.of("3"), heard);
    assertThat(outcome).isEqualTo(Outcome.INTERRUPTED);
    assertThat(heard.progress).hasSize(3);
    assertThat(heard.events).endsWith("interrupted 14").doesNotContain("success");
    prompt.getAsJsonObject("14").getAsJsonObject("inputs").addProperty("steps", 2);
    assertThat(run(prompt).executing).containsExactly("14", "10", "3");
  }

  private static BufferedImage circle(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.PINK);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.BLUE);
    graphics.fillOval(width / 4, height / 4, width / 2, height / 2);
    graphics.dispose();
    return picture;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }
}
