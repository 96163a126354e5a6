package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
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
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a folder of pictures to a model that draws, with a few steps of each. */
class MiniTrainingTest {
  private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);
  private static final List<String> NAMES = List.of("红色", "绿色", "蓝色");

  @TempDir Path folder;

  @Test
  void anInterruptedTrainingGoesOnAndItsModelDraws() throws IOException {
    Path corpus = corpus();
    train(corpus, new MiniTraining.Steps(1, 1, 1, 1));
    assertThat(steps("vae", "text_encoder", "unet", "vae_decoder")).containsExactly(1L, 1L, 1L, 1L);
    train(corpus, new MiniTraining.Steps(2, 2, 3, 2));
    assertThat(steps("vae", "text_encoder", "unet", "vae_decoder")).containsExactly(2L, 2L, 3L, 2L);

    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(folder.resolve("model")))) {
      GeneratedPicture picture =
          pipeline.generate(Prompt.of("一个红色头发的男孩").seed(1).cfgScale(4).steps(2));
      assertThat(picture.image().getWidth()).isEqualTo(256);
      assertThat(picture.image().getHeight()).isEqualTo(256);
    }
  }

  @Test
  void aTextEncoderBeginsWithTheWeightsThatItIsGiven() throws IOException {
    MiniTraining.Steps steps = new MiniTraining.Steps(1, 1, 1, 1);
    Path start = folder.resolve("first/text_encoder.safetensors");
    Path work = folder.resolve("second");
    MiniTraining first =
        new MiniTraining(corpus(), start.getParent(), folder.resolve("model"), steps);
    first.prune(Golden.TINY.resolve("tokenizer"), List.of());
    first.trainTextEncoder();
    MiniTraining second = new MiniTraining(corpus(), work, folder.resolve("model"), steps);
    second.textEncoder(start, 0).trainTextEncoder();
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, NDArray> learned =
          new Checkpoints(work.resolve("text_encoder")).averages(manager);
      learned.keySet().removeIf(name -> name.startsWith(TextEncoderTraining.HEADS));
      Map<String, NDArray> given =
          new Checkpoints(start.resolveSibling("text_encoder")).averages(manager);
      assertThat(learned).hasSizeGreaterThan(20);
      learned.forEach((name, array) -> assertThat(array).as(name).isEqualTo(given.get(name)));
    }
    assertThatThrownBy(second.textEncoder(Golden.TINY, 0)::trainTextEncoder)
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("kolors-tiny/text_encoder")
        .hasMessageContaining("has shape")
        .hasMessageContaining("vocabulary");
  }

  @Test
  void aFolderWithoutCorpusSaysHowToRenderOne() {
    assertThatThrownBy(() -> Corpus.read(folder))
        .hasMessageContaining("corpus.jsonl")
        .hasMessageContaining("data/generator");
  }

  private void train(Path corpus, MiniTraining.Steps steps) {
    new MiniTraining(corpus, folder.resolve("work"), folder.resolve("model"), steps)
        .run(Golden.TINY.resolve("tokenizer"), List.of("一个红色头发的男孩"));
  }

  private List<Long> steps(String... networks) {
    return List.of(networks).stream()
        .map(name -> new Checkpoints(folder.resolve("work").resolve(name)).steps())
        .toList();
  }

  private Path corpus() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < COLOURS.size(); i++) {
      BufferedImage picture = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      graphics.setColor(COLOURS.get(i));
      graphics.fillOval(64, 32, 128, 160);
      graphics.dispose();
      ImageIO.write(picture, "png", corpus.resolve(i + ".png").toFile());
      lines.append(
          """
          {"file_name":"%d.png","style":"oval","split":"train","attributes":{"hairColor":"%s"},\
          "captions":["一个%s头发的男孩","二次元，%s头发"]}
          """
              .formatted(i, NAMES.get(i), NAMES.get(i), NAMES.get(i)));
    }
    Files.writeString(corpus.resolve("corpus.jsonl"), lines);
    return corpus;
  }
}
