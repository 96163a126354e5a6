package io.github.kolors4j.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.comfy.WorkflowResult.Picture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkflowResultTest {
  private static Picture picture(int side, String file) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    return new Picture(image, Path.of(file).toAbsolutePath(), "3");
  }

  @Test
  void itSaysWhereItsPicturesAre() {
    WorkflowResult result =
        new WorkflowResult(
            List.of(picture(8, "out/a.png")),
            List.of(),
            List.of("改用 kolors-mini"),
            Set.of("6"),
            1.5);
    assertThat(result.toString())
        .isEqualTo("1 picture in 1.5 s, 1 node as before: out/a.png\n改用 kolors-mini");
  }

  @Test
  void onePictureIsShownInItsSizeWithItsFile() {
    WorkflowResult result =
        new WorkflowResult(List.of(picture(256, "out/a.png")), List.of(), List.of(), Set.of(), 1);
    assertThat(result.render().getWidth()).isEqualTo(256 + 16);
    assertThat(result.render().getHeight()).isGreaterThan(256 + 16);
  }

  @Test
  void manyPicturesAreNotWiderThanANotebook() {
    List<Picture> pictures =
        IntStream.range(0, 9).mapToObj(i -> picture(1024, i + ".png")).toList();
    WorkflowResult result = new WorkflowResult(pictures, List.of(), List.of(), Set.of(), 1);
    assertThat(result.render().getWidth()).isLessThanOrEqualTo(1100);
  }

  @Test
  void textsAndNoticesAreShownToo() {
    WorkflowResult result =
        new WorkflowResult(List.of(), List.of("一行\n两行"), List.of("注意"), Set.of(), 1);
    assertThat(result.render().getHeight()).isGreaterThan(3 * 15);
    assertThat(result.render().getWidth()).isLessThan(100);
    assertThat(result.toString()).contains("0 pictures", "一行", "注意");
  }

  @Test
  void withoutAPictureItSaysWhichNodesGiveOne() {
    WorkflowResult result = new WorkflowResult(List.of(), List.of(), List.of(), Set.of(), 1);
    assertThatThrownBy(result::image)
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("PreviewImage");
  }
}
