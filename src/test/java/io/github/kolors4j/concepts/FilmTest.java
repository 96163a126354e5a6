package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;

class FilmTest {
  private static final List<BufferedImage> FRAMES =
      List.of(
          Points.gaussian(50, 0).scatter().size(64).render(),
          Points.swirl(50, 0).scatter().size(64).render(),
          Points.moons(50, 0).scatter().size(64).render());

  @Test
  void aGifHoldsAllFrames() throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(
        ImageIO.createImageInputStream(new ByteArrayInputStream(Animation.of(FRAMES).toGif())));

    assertThat(reader.getNumImages(true)).isEqualTo(3);
    assertThat(reader.read(2).getWidth()).isEqualTo(64);
  }

  @Test
  void aSliderShowsTheLastFrameFirstAndLoadsNothingFromOutside() {
    String html = new FrameSlider(FRAMES, List.of("t = 2", "t < 2", "t = 0")).toHtml();

    assertThat(html.split("data:image/png;base64,")).hasSize(4);
    assertThat(html).contains("max=\"2\" value=\"2\"").contains("t &lt; 2").doesNotContain("http");
    assertThat(html.split("display:block\"")).hasSize(2);
  }

  @Test
  void framesHaveOneSize() {
    List<BufferedImage> mixed =
        List.of(FRAMES.get(0), Points.gaussian(5, 0).scatter().size(32).render());

    assertThatThrownBy(() -> Animation.of(mixed)).hasMessageContaining("64 x 64");
    assertThatThrownBy(() -> new FrameSlider(FRAMES, List.of("one")))
        .hasMessageContaining("1 labels for 3 frames");
    assertThatThrownBy(() -> Animation.of(List.of())).hasMessageContaining("at least one");
  }
}
