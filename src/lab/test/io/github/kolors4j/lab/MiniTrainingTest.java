package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void aTrainingBeginsWithTheWeightsThatItIsGiven() throws IOException {
    Path corpus = corpus();
    MiniTraining.Steps steps = new MiniTraining.Steps(1, 1, 1, 1);
    train(corpus, steps);
    Path first = folder.resolve("model");
    Path second = folder.resolve("second/model");
    new MiniTraining(corpus, folder.resolve("second"), second, steps)
        .textEncoder(folder.resolve("work/text_encoder.safetensors"), 0)
        .unet(first, 0)
        .run(Golden.TINY.resolve("tokenizer"), List.of("一个红色头发的男孩"));
    for (String file :
        List.of("text_encoder/model.safetensors", "unet/diffusion_pytorch_model.safetensors")) {
      assertThat(second.resolve(file)).as(file).hasSameBinaryContentAs(first.resolve(file));
    }
    Path otherSizes = Golden.TINY;
    MiniTraining unfit =
        new MiniTraining(corpus, folder.resolve("third"), second, steps).textEncoder(otherSizes, 0);
    assertThatThrownBy(unfit::trainTextEncoder)
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
