package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

class GeneratedPictureTest {
  @TempDir Path folder;

  private static GeneratedPicture picture() {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 2, 0x123456);
    Prompt prompt =
        Prompt.of("蓝色头发的男孩，\"微笑\"")
            .negative("模糊")
            .seed(7)
            .cfgScale(4)
            .steps(20)
            .size(16, 8)
            .scheduler("EulerDiscreteScheduler");
    return new GeneratedPicture(
        image, prompt, List.of("avatar.ckpt, alpha 2.0"), 1.5, List.of(), new float[8]);
  }

  @Test
  void thePngHoldsPromptSeedSamplerAndLora() throws IOException {
    Path file = picture().save(folder.resolve("deep/er/男孩.png"));
    String expected =
        """
        蓝色头发的男孩，"微笑"
        Negative prompt: 模糊
        Steps: 20, Sampler: EulerDiscreteScheduler, CFG scale: 4.0, Seed: 7, Size: 16x8, \
        Lora: "avatar.ckpt, alpha 2.0", Version: kolors4j""";
    assertThat(parameters(file)).isEqualTo(expected);
    assertThat(ImageIO.read(file.toFile()).getRGB(3, 2) & 0xffffff).isEqualTo(0x123456);
    try (Stream<Path> beside = Files.list(file.getParent())) {
      assertThat(beside).containsExactly(file);
    }
  }

  @Test
  void whatAPictureWasDrawnFromIsReadBackFromItsFile() {
    GeneratedPicture picture = picture();
    PictureParameters read = GeneratedPicture.parameters(picture.save(folder.resolve("a.png")));
    assertThat(read.prompt()).isEqualTo(picture.prompt());
    assertThat(read.adapters()).containsExactly("avatar.ckpt, alpha 2.0");
    assertThat(read.startedFromPicture()).isFalse();
  }

  @Test
  void aPromptThatLooksLikeSettingsIsReadBackAsItWas() {
    Prompt prompt =
        picture()
            .prompt()
            .text("a\nNegative prompt: b\nSteps: 3, Seed: 1, Size: 8x8")
            .negative(null);
    GeneratedPicture picture =
        new GeneratedPicture(picture().image(), prompt, List.of(), 1, List.of(), new float[8]);
    Path file = picture.save(folder.resolve("a.png"));
    assertThat(GeneratedPicture.parameters(file).prompt()).isEqualTo(prompt);
  }

  @Test
  void imageToImageKeepsItsStrength() {
    BufferedImage image = picture().image();
    Prompt prompt = picture().prompt().startFrom(image, 0.4);
    GeneratedPicture picture =
        new GeneratedPicture(image, prompt, List.of(), 1, List.of(), new float[8]);
    PictureParameters read = GeneratedPicture.parameters(picture.save(folder.resolve("a.png")));
    assertThat(read.startedFromPicture()).isTrue();
    assertThat(read.prompt().strength()).isEqualTo(0.4);
    assertThat(read.prompt().picture()).isNull();
  }

  @Test
  void thePicturesOfTheWebUiAreReadToo() throws IOException {
    String text =
        """
        masterpiece, 男孩
        in the rain
        Negative prompt: blurry,
        bad hands
        Steps: 28, Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 3141592653, Size: 832x1216, \
        Model hash: 31e35c80fc, Lora hashes: "style: 3f2a, other: 99", Version: v1.9.4""";
    Prompt prompt = GeneratedPicture.parameters(pngWith(text)).prompt();
    assertThat(prompt.text()).isEqualTo("masterpiece, 男孩\nin the rain");
    assertThat(prompt.negative()).isEqualTo("blurry,\nbad hands");
    assertThat(prompt.steps()).isEqualTo(28);
    assertThat(prompt.scheduler()).isEqualTo("DPM++ 2M");
    assertThat(prompt.guidanceScale()).isEqualTo(7.5);
    assertThat(prompt.seed()).hasValue(3141592653L);
    assertThat(prompt.width()).isEqualTo(832);
    assertThat(prompt.height()).isEqualTo(1216);
    assertThat(GeneratedPicture.parameters(pngWith("a cat")).prompt())
        .isEqualTo(Prompt.of("a cat"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          both            | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          cfg_comma       | a girl                |     | 20 | 7.5 | 5  | 512 |
          cfg_zero        | a girl                |     | 20 | 0.0 | 5  | 512 |
          civitai         | a girl                |     | 20 | 7.0 | 5  | 512 | Civitai metadata, Civitai resources, Created Date
          crlf            | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          emptyneg        | a girl                | ''  | 20 | 7.0 | 5  | 512 |
          forge_distilled | a girl                |     | 20 | 1.0 | 5  | 512 | Distilled CFG Scale, Schedule type
          itxtz           | 一个女孩              | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          lora_hashes     | a girl <lora:x:1>     |     | 20 | 7.0 | 5  | 512 | Version
          noprompt        | ''                    |     | 20 | 7.0 | 5  | 512 |
          plain           | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          seed_float      | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          seed_none       | a girl                | bad | 20 | 7.0 |    | 512 | Model, Model hash, Seed
          seed_u64        | a girl                | bad | 20 | 7.0 | -1 | 512 | Model, Model hash
          steps_in_prompt | girl, Steps: 3        |     | 20 | 7.0 | 5  | 512 |
          steps_range     | a girl                |     | 50 | 7.0 | 5  | 512 | Steps
          sz_x            | a girl                |     | 20 | 7.0 | 5  | 0   | Size
          template        | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash, Negative Template, Template
          ztxt            | a girl                | bad | 20 | 7.0 | 1  | 512 | Model, Model hash
          """)
  void ofAnotherProgramsSettingsWhatIsUnderstoodIsReadAndTheRestKept(
      String name,
      String text,
      String negative,
      int steps,
      double cfgScale,
      Long seed,
      int width,
      String others) {
    Path file = Path.of("src/test/resources/image/parameters").resolve(name + ".png");

    PictureParameters read = GeneratedPicture.parameters(file);

    assertThat(read.prompt().text()).isEqualTo(text);
    assertThat(read.prompt().negative()).isEqualTo(negative);
    assertThat(read.prompt().steps()).isEqualTo(steps);
    assertThat(read.prompt().guidanceScale()).isEqualTo(cfgScale);
    assertThat(read.prompt().seed())
        .isEqualTo(seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
    assertThat(read.prompt().width()).isEqualTo(width);
    assertThat(read.startedFromPicture()).isFalse();
    Set<String> kept = new TreeSet<>(read.others().keySet());
    if (read.prompt().scheduler() == null) {
      assertThat(kept.remove("Sampler")).as("an unknown sampler is kept").isTrue();
    }
    assertThat(String.join(", ", kept)).isEqualTo(others == null ? "" : others);
  }

  @Test
  void settingsThatOthersWriteALittleDifferentlyAreRead() throws IOException {
    PictureParameters read =
        GeneratedPicture.parameters(
            pngWith(
                "a girl\nSteps: 20.0, CFG scale: 7, Seed: 5.0, Denoising strength: None,"
                    + " Size: 512 X 768, "));
    assertThat(read.prompt().steps()).isEqualTo(20);
    assertThat(read.prompt().seed()).hasValue(5);
    assertThat(read.prompt().width()).isEqualTo(512);
    assertThat(read.prompt().height()).isEqualTo(768);
    assertThat(read.startedFromPicture()).isFalse();
    assertThat(read.others()).isEqualTo(Map.of("Denoising strength", "None"));
  }

  @Test
  void whatIsNotUnderstoodIsKeptAsItIsWritten() throws IOException {
    Path none = Path.of("src/test/resources/image/parameters/seed_none.png");
    assertThat(GeneratedPicture.parameters(none).others()).containsEntry("Seed", "None");
    Path civitai = Path.of("src/test/resources/image/parameters/civitai.png");
    assertThat(GeneratedPicture.parameters(civitai).others())
        .containsEntry(
            "Civitai resources",
            "[{\"type\":\"checkpoint\",\"modelVersionId\":1,\"modelName\":\"x, y\"}]");

    String twice =
        "a\nSteps: 20, Seed: 5, Size: 512x512, Denoising strength: 0.4, Hires upscale: 2";
    PictureParameters drawnTwice = GeneratedPicture.parameters(pngWith(twice));
    assertThat(drawnTwice.startedFromPicture()).isFalse();
    assertThat(drawnTwice.others()).containsEntry("Denoising strength", "0.4");
    String once = "a\nSteps: 20, Seed: 5, Size: 512x512, Denoising strength: 0.4";
    assertThat(GeneratedPicture.parameters(pngWith(once)).prompt().strength()).isEqualTo(0.4);
  }

  @Test
  void whatCannotBeSavedIsFoundOutBeforeAndSavedElsewhere() throws IOException {
    Path longest = folder.resolve("a".repeat(240) + ".png");
    GeneratedPicture.requireSavable(longest);
    assertThat(picture().save(longest)).exists();
    Path tooLong = folder.resolve("a".repeat(252) + ".png");
    assertThatThrownBy(() -> GeneratedPicture.requireSavable(tooLong))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("too long");

    Path first = picture().saveHereOrElsewhere(tooLong);
    Path second = picture().saveHereOrElsewhere(tooLong);

    assertThat(first).isEqualTo(folder.resolve("kolors4j-7.png")).exists();
    assertThat(second).isEqualTo(folder.resolve("kolors4j-7-2.png")).exists();
  }

  @Test
  void aPictureThatSaysNothingIsRefusedWithTheReason() throws IOException {
    Path file = folder.resolve("plain.png");
    ImageIO.write(picture().image(), "png", file.toFile());
    assertThatThrownBy(() -> GeneratedPicture.parameters(file))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("does not say how it was drawn");
  }

  /** A PNG file with nothing but a text chunk. */
  private Path pngWith(String parameters) throws IOException {
    byte[] text = ("parameters\0\0\0\0\0" + parameters).getBytes(StandardCharsets.UTF_8);
    ByteBuffer png = ByteBuffer.allocate(8 + 12 + text.length + 12);
    png.putLong(0x89504E470D0A1A0AL).putInt(text.length).put("iTXt".getBytes()).put(text).putInt(0);
    png.putInt(0).put("IEND".getBytes()).putInt(0);
    return Files.write(folder.resolve("other.png"), png.array());
  }

  @Test
  void anotherEndingIsRefused() {
    assertThatThrownBy(() -> picture().save(folder.resolve("boy.jpg")))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("boy.jpg")
        .hasMessageContaining("end the name in .png");
  }

  @Test
  void itShowsItselfAsItsImage() {
    GeneratedPicture picture = picture();
    assertThat(picture.render()).isSameAs(picture.image());
    assertThat(picture).hasToString("16×8 in 1.5 s, seed 7: 蓝色头发的男孩，\"微笑\"");
  }

  private static String parameters(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
      Element entry = (Element) root.getElementsByTagName("iTXtEntry").item(0);
      assertThat(entry.getAttribute("keyword")).isEqualTo("parameters");
      return entry.getAttribute("text");
    } finally {
      reader.dispose();
    }
  }
}
