package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.IOException;
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
