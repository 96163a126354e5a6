package io.github.kolors4j.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/comfyui.md says. */
class ComfyDocsTest {
  private static final String PAGE;

  static {
    try {
      PAGE = Files.readString(Path.of("docs/comfyui.md"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // The page's node, word for word but for the formatter's line breaks.
  static class PictureFrame implements Node {
    public NodeDeclaration declaration() {
      return NodeDeclaration.of("PictureFrame")
          .displayName("画框 Picture Frame")
          .category("image")
          .input("image", "IMAGE")
          .integer("width", 16, 1, 200, 1)
          .output("IMAGE");
    }

    public List<Object> run(NodeInputs inputs, NodeContext context) {
      int width = (int) inputs.integer("width");
      List<BufferedImage> framed = new ArrayList<>();
      for (BufferedImage picture : inputs.images("image")) {
        var larger =
            new BufferedImage(
                picture.getWidth() + 2 * width,
                picture.getHeight() + 2 * width,
                BufferedImage.TYPE_INT_RGB);
        larger.createGraphics().drawImage(picture, width, width, null);
        framed.add(larger);
      }
      return List.of(framed);
    }
  }

  @Test
  void theNodeOfTheDocsIsTheOneThatIsCompiledHere() throws IOException {
    Matcher docs = Pattern.compile("(?s)(class PictureFrame .*?)\n```").matcher(PAGE);
    assertThat(docs.find()).isTrue();
    String source =
        Files.readString(Path.of("src/test/java/io/github/kolors4j/comfy/ComfyDocsTest.java"));
    assertThat(source.replaceAll("\\s", "")).contains(docs.group(1).replaceAll("\\s", ""));
    assertThat(docs.group(1).lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(20);
  }

  @Test
  void itRuns() {
    NodeCatalogue.register(new PictureFrame());
    WorkflowResult result =
        Workflow.parse(
                """
                {"1": {"class_type": "EmptyImage",
                       "inputs": {"width": 32, "height": 24, "batch_size": 1, "color": 255}},
                 "2": {"class_type": "PictureFrame", "inputs": {"image": ["1", 0], "width": 5}},
                 "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}}}""")
            .run();
    assertThat(result.image().getWidth()).isEqualTo(42);
    assertThat(result.image().getHeight()).isEqualTo(34);
    assertThat(result.image().getRGB(20, 20) & 0xffffff).isEqualTo(0xff);
    assertThat(result.image().getRGB(1, 1) & 0xffffff).isZero();
  }

  @Test
  void everyNodeThatShipsIsNamed() {
    List<String> missing =
        ServiceLoader.load(Node.class).stream()
            .map(ServiceLoader.Provider::get)
            .map(node -> node.declaration().name())
            .filter(name -> !PAGE.contains("`" + name + "`"))
            .toList();
    assertThat(missing).isEmpty();
  }
}
