package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.comfy.PromptExecution.Outcome;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The course's graphs on kolors-mini, against what the pipeline draws: pixel for pixel. */
class DrawnGraphsTest {
  private static final int STEPS = 3;

  @TempDir private Path base;
  private PromptExecution execution;

  @BeforeEach
  void open() {
    execution = new PromptExecution(NodeCatalogue.load(new ComfyFolders(base)));
  }

  @AfterEach
  void close() {
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

  private HeardRun run(JsonObject prompt) {
    HeardRun heard = new HeardRun();
    Outcome outcome = execution.run("id", prompt, new JsonObject(), Set.of("3"), heard);
    assertThat(heard.failure).isNull();
    assertThat(outcome).isEqualTo(Outcome.SUCCESS);
    return heard;
  }

  private List<BufferedImage> pictures(HeardRun heard) {
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
    assertThat(heard.progress).endsWith(1 / 3., 2 / 3., 1.);
    assertThat(heard.previews).hasSize(STEPS);
    Path file = base.resolve("output/drawn/Kolors_00001_.png");
    assertThat(PngText.read(file)).containsKey("prompt");
    Files.copy(
        file, Path.of("target/graph.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    PictureFile.write(heard.previews.get(0), Path.of("target/graph-preview-0.png"));
    PictureFile.write(heard.previews.get(2), Path.of("target/graph-preview-2.png"));
  }
}
