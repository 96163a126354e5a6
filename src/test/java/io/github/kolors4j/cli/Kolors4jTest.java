package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class Kolors4jTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void generateWritesAPictureAndPrintsItsPath() throws Exception {
    Path picture = folder.resolve("boy.png");
    String output = picture.toString();
    assertThat(
            generate("--model", Golden.TINY.toString(), "--steps=2", "--size=16x24", "-o", output))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().strip()).isEqualTo(picture.toAbsolutePath().toString());
    assertThat(ImageIO.read(picture.toFile()).getHeight()).isEqualTo(24);
  }

  @Test
  void aMistakeIsOneMessageWithoutAStackTrace() {
    assertThat(generate("--size=1024")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("The size is written as 1024x1024 (width x height), not as 1024.");
  }

  @Test
  void anOutputThatIsNoPngIsRefusedBeforeAnythingIsDrawn() {
    assertThat(generate("--model", folder.resolve("none").toString(), "-o", "boy.jpg"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("boy.jpg").doesNotContain("model folder");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearest() {
    assertThat(generate("--sedd=1")).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option").contains("--seed");
  }

  private int generate(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "generate";
    arguments[1] = "蓝色头发的男孩";
    System.arraycopy(options, 0, arguments, 2, options.length);
    CommandLine command = Kolors4j.commandLine();
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
