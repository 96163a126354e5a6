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
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    assertThat(prompt.cfgScale()).isEqualTo(7.5);
    assertThat(prompt.seed()).hasValue(3141592653L);
    assertThat(prompt.width()).isEqualTo(832);
    assertThat(prompt.height()).isEqualTo(1216);
    assertThat(GeneratedPicture.parameters(pngWith("a cat")).prompt())
        .isEqualTo(Prompt.of("a cat"));
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
