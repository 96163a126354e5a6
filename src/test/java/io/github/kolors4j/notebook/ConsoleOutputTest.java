package io.github.kolors4j.notebook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleOutputTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private ConsoleOutput output(Duration pause) {
    return new ConsoleOutput(new PrintStream(printed, true, UTF_8), folder, pause);
  }

  private List<String> lines() {
    return printed.toString(UTF_8).lines().toList();
  }

  private static BufferedImage picture(int width) {
    return new BufferedImage(width, 4, BufferedImage.TYPE_INT_RGB);
  }

  private static Progress progress(long done) {
    return new Progress("p", done, 3, "", Duration.ofSeconds(1));
  }

  @Test
  void aPictureBecomesAFileWhosePathIsPrinted() {
    output(Duration.ZERO).show("id", picture(6));

    Path file = folder.resolve("display-001.png");
    assertThat(lines()).containsExactly("6×4 picture → " + file);
    assertThat(file).exists();
  }

  @Test
  void anUpdateReplacesTheFile() throws IOException {
    var output = output(Duration.ZERO);
    output.show("a", picture(6));
    output.show("b", picture(7));
    output.update("a", picture(8));

    assertThat(ImageIO.read(folder.resolve("display-001.png").toFile()).getWidth()).isEqualTo(8);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void updatesArePrintedNowAndThenAndAtTheEnd() {
    var output = output(Duration.ofHours(1));
    output.show("bar", progress(0));
    output.update("bar", progress(1));
    output.update("bar", progress(2));
    output.update("bar", progress(3));

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).startsWith("p 3/3");
  }

  @Test
  void anUpdateOfSomethingNeverShownShowsIt() {
    output(Duration.ofHours(1)).update("new", "text");

    assertThat(lines()).containsExactly("text");
  }

  @Test
  void severalPicturesBecomeAPage() {
    output(Duration.ZERO).show("id", List.of(picture(1), picture(2)));

    assertThat(folder.resolve("display-001.html")).content().contains("charset=\"utf-8\"", "<img");
  }
}
