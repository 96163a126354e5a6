package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.Mask;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.comfy.PromptExecution.Outcome;
import io.github.kolors4j.internal.image.PngText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading, changing and saving pictures, without a model. */
class PictureNodesTest {
  @TempDir private Path base;
  private ComfyFolders folders;
  private PromptExecution execution;

  @BeforeEach
  void open() {
    folders = new ComfyFolders(base);
    execution = new PromptExecution(NodeCatalogue.load(folders));
    BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, 0xffff0000);
    picture.setRGB(5, 3, 0x8000ff00);
    PictureFile.write(picture, base.resolve("input/a.png"));
  }

  @AfterEach
  void close() {
    execution.close();
  }

  private static JsonObject prompt(String prefix) {
    return JsonParser.parseString(
            """
            {"1": {"class_type": "LoadImage", "inputs": {"image": "a.png"}},
             "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
             "3": {"class_type": "ImageScale", "inputs": {"image": ["2", 0], "width": 12,
                   "height": 0, "upscale_method": "nearest-exact", "crop": "disabled"}},
             "4": {"class_type": "ImageBatch", "inputs": {"image1": ["3", 0], "image2": ["1", 0]}},
             "5": {"class_type": "SaveImage",
                   "inputs": {"images": ["4", 0], "filename_prefix": "%s"}},
             "6": {"class_type": "PreviewImage", "inputs": {"images": ["5", 0]}}}
            """
                .formatted(prefix))
        .getAsJsonObject();
  }

  private HeardRun run(Outcome expected, JsonObject prompt, JsonObject extra, String target) {
    HeardRun heard = new HeardRun();
    assertThat(execution.run("id", prompt, extra, Set.of(target), heard)).isEqualTo(expected);
    return heard;
  }

  @Test
  void picturesAreSavedUnderTheNextNumberWithTheGraphInThem() throws IOException {
    JsonObject extra =
        JsonParser.parseString("{\"workflow\": {\"nodes\": [], \"名\": \"字\"}}").getAsJsonObject();
    Path folder = base.resolve("output/sub");
    Files.createDirectories(folder);
    Files.write(folder.resolve("12x8_00041_.png"), new byte[1]);
    Files.write(folder.resolve("12x8_other_00077_.png"), new byte[1]);
    JsonObject prompt = prompt("sub/%width%x%height%");
    HeardRun heard = run(Outcome.SUCCESS, prompt, extra, "5");
    assertThat(heard.executed.get("5").toString())
        .isEqualTo(
            "{\"images\":[{\"filename\":\"12x8_00042_.png\",\"subfolder\":\"sub\",\"type\":\"output\"},{\"filename\":\"12x8_00043_.png\",\"subfolder\":\"sub\",\"type\":\"output\"}]}");
    BufferedImage first = PictureFile.read(folder.resolve("12x8_00042_.png"));
    assertThat(first.getWidth()).isEqualTo(12);
    assertThat(first.getHeight()).isEqualTo(8);
    assertThat(first.getRGB(1, 1) & 0xffffff).isEqualTo(0x00ffff);
    BufferedImage second = PictureFile.read(folder.resolve("12x8_00043_.png"));
    assertThat(second.getWidth()).isEqualTo(12);
    assertThat(
            JsonParser.parseString(PngText.read(folder.resolve("12x8_00042_.png")).get("prompt")))
        .isEqualTo(prompt);
    assertThat(
            JsonParser.parseString(PngText.read(folder.resolve("12x8_00042_.png")).get("workflow")))
        .isEqualTo(extra.get("workflow"));
  }

  @Test
  void aPreviewLiesInTheFolderForTemporaryFiles() {
    HeardRun heard = run(Outcome.SUCCESS, prompt("x"), new JsonObject(), "6");
    JsonArray images = heard.executed.get("6").getAsJsonArray("images");
    assertThat(images).hasSize(2);
    JsonObject image = images.get(0).getAsJsonObject();
    assertThat(image.get("type").getAsString()).isEqualTo("temp");
    assertThat(image.get("filename").getAsString()).matches("ComfyUI_temp_[a-z]{5}_00001_\\.png");
    assertThat(base.resolve("temp").resolve(image.get("filename").getAsString())).exists();
  }

  @Test
  void aDateInTheNameIsFilledInAndOddNamesStayInTheFolder() throws IOException {
    String year = String.valueOf(LocalDate.now().getYear());
    HeardRun dated = run(Outcome.SUCCESS, prompt("%year%/%batch_num%"), new JsonObject(), "5");
    assertThat(base.resolve("output/" + year + "/0_00001_.png")).exists();
    assertThat(base.resolve("output/" + year + "/1_00002_.png")).exists();
    assertThat(dated.executed).containsOnlyKeys("5");
    run(Outcome.SUCCESS, prompt(""), new JsonObject(), "5");
    assertThat(base.resolve("output/_00001_.png")).exists();
    for (String unnamed : List.of(".", "a/..", "./")) {
      run(Outcome.SUCCESS, prompt(unnamed), new JsonObject(), "5");
    }
    assertThat(base.resolve("output/_00008_.png")).exists();
    try (Stream<Path> outside = Files.list(base)) {
      assertThat(outside.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("input", "output");
    }
    for (String prefix : List.of("../x", "/tmp/x", "a/../../x", "C:/x")) {
      HeardRun heard = run(Outcome.ERROR, prompt(prefix), new JsonObject(), "5");
      assertThat(heard.failure.node()).isEqualTo("5");
      assertThat(heard.failure.message()).contains(prefix);
    }
  }

  @Test
  void whatIsTransparentIsTheMask() {
    Mask mask = InputPicture.read("a.png", folders).mask();
    assertThat(mask.width()).isEqualTo(6);
    assertThat(mask.values()[0]).isZero();
    assertThat(mask.values()[1]).isEqualTo(1);
    assertThat(mask.values()[23]).isEqualTo(1 - 0x80 / 255f);
    PictureFile.write(
        new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB), base.resolve("output/b.png"));
    Mask none = InputPicture.read("b.png [output]", folders).mask();
    assertThat(none.width()).isEqualTo(64);
    assertThat(none.values()).containsOnly(0);
  }

  @Test
  void aPictureThatWasReplacedIsLoadedAnew() {
    run(Outcome.SUCCESS, prompt("x"), new JsonObject(), "5");
    PictureFile.write(
        new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB), base.resolve("input/a.png"));
    assertThat(run(Outcome.SUCCESS, prompt("x"), new JsonObject(), "5").executing)
        .containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void aMissingPictureIsRefusedBeforeAnythingRuns() {
    JsonObject prompt = prompt("x");
    prompt.getAsJsonObject("1").getAsJsonObject("inputs").addProperty("image", "none.png");
    ValidatedPrompt validated =
        PromptValidation.validate(prompt, NodeCatalogue.load(folders), null);
    assertThat(validated.isValid()).isFalse();
    assertThat(validated.nodeErrors().toString()).contains("Invalid image file: none.png");
    assertThat(PromptValidation.validate(prompt("x"), NodeCatalogue.load(folders), null).isValid())
        .isTrue();
  }
}
