package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.Workflow;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph that a saved picture carries draws the same picture. */
class SavedGraphsTest {
  @TempDir Path base;

  private static int[] pixels(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }

  @Test
  void aPictureIsDrawnAgainFromItsOwnGraphPixelForPixel() {
    ComfyFolders folders = new ComfyFolders(base);
    Prompt asked = Prompt.of("一个蓝色头发的男孩").negative("丑陋").seed(11).steps(2).size(64, 64);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded());
        PromptExecution execution = new PromptExecution(NodeCatalogue.load(folders))) {
      GeneratedPicture first = pipeline.generate(asked.scheduler("Euler"));
      GeneratedPicture second =
          pipeline.generate(asked.scheduler("UniPC").startFrom(first.image(), 0.5));
      PictureFile.write(first.image(), folders.input().resolve("kolors4j-start.png"));

      for (GeneratedPicture picture : List.of(first, second)) {
        Path file = picture.save(base.resolve("saved.png"));

        assertThat(pixels(drawnAgain(file, folders, execution))).isEqualTo(pixels(picture.image()));
      }
    }
  }

  private static BufferedImage drawnAgain(
      Path file, ComfyFolders folders, PromptExecution execution) {
    NodeCatalogue nodes = NodeCatalogue.load(folders);
    JsonObject workflow = Workflow.load(file).json();
    ValidatedPrompt valid =
        PromptValidation.validate(PromptConversion.convert(workflow, nodes), nodes, null);
    assertThat(valid.nodeErrors().toString()).isEqualTo("{}");
    HeardRun heard = new HeardRun();
    execution.run("id", valid.prompt(), new JsonObject(), valid.outputs(), heard);
    assertThat(heard.failure).isNull();
    JsonArray images =
        heard.executed.get(valid.outputs().iterator().next()).getAsJsonArray("images");
    return PictureFile.read(
        folders.output().resolve(images.get(0).getAsJsonObject().get("filename").getAsString()));
  }
}
