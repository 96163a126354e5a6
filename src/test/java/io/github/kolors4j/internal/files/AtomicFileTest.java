package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.internal.image.PictureEncoder;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n",
        "picture",
        "一个蓝色中分小男孩穿着蓝色背带裤站在图书馆的书架前面",
      })
  void aNameMayBeAsLongAsTheDiskAllows(String part) throws IOException {
    String stem = part.repeat(251);
    while (stem.getBytes(StandardCharsets.UTF_8).length > 251) {
      stem = stem.substring(0, stem.length() - 1);
    }
    Path file = folder.resolve(stem + ".png");

    AtomicFile.requireWritable(file);
    PictureFile.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), file);
    AtomicFile.writeText(folder.resolve(stem + ".txt"), "a");
    SafetensorsWriter.write(folder.resolve(stem + ".bin"), Map.of());

    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(stem + ".png", stem + ".txt", stem + ".bin");
  }

  @Test
  void whatCannotBeWrittenIsFoundOutBefore() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    AtomicFile.requireWritable(folder.resolve("new/folder/of/a.png"));
    AtomicFile.requireWritable(file);
    assertThatThrownBy(() -> AtomicFile.requireWritable(folder.resolve("a".repeat(252) + ".png")))
        .hasMessageContaining("too long");
    assertThatThrownBy(
            () -> AtomicFile.requireWritable(folder.resolve("b/" + "a".repeat(256) + "/c.png")))
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> AtomicFile.requireWritable(folder))
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> AtomicFile.requireWritable(file.resolve("a.png")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> AtomicFile.requireWritable(Path.of("/proc/nothing/a.png")))
        .isInstanceOf(IOException.class);
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"077", "027", "002"})
  void filesFollowTheUmaskAndNeedNoFolderForTemporaryFiles(String umask) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c"));
    command.add("umask " + umask + " && touch plain && exec \"$@\"");
    command.add("sh");
    command.addAll(
        JavaProcess.command(
            List.of(
                "-Xmx128m",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=/proc/nothing",
                "-Duser.home=" + folder),
            absoluteClassPath(),
            Written.class));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    String usual = permissions("plain");
    for (String name : List.of("a.png", "a.jpg", "a.txt", "a.safetensors")) {
      assertThat(permissions(name)).as(name).isEqualTo(usual);
    }
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  private static String absoluteClassPath() {
    StringBuilder all = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      all.append(all.isEmpty() ? "" : ":").append(Path.of(entry).toAbsolutePath());
    }
    return all.toString();
  }

  /** What runs under another umask. */
  static final class Written {
    private Written() {}

    public static void main(String[] arguments) throws IOException {
      BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      picture.createGraphics().setFont(ChineseFont.at(12));
      PictureFile.write(picture, Path.of("a.png"));
      PictureFile.write(picture, Path.of("a.jpg"));
      PictureEncoder.png(picture);
      AtomicFile.writeText(Path.of("a.txt"), "a");
      SafetensorsWriter.write(Path.of("a.safetensors"), Map.of());
    }
  }
}
