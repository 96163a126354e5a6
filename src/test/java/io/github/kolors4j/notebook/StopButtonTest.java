package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopButtonTest {

  @TempDir Path folder;

  @Test
  void itIsPressedOnceItsFileExistsAndStaysPressed() throws IOException {
    Path file = folder.resolve("stop");
    try (var stop = StopButton.show(file)) {
      assertThat(stop.pressed()).isFalse();
      Files.createFile(file);
      assertThat(stop.pressed()).isTrue();
      Files.delete(file);
      assertThat(stop.pressed()).isTrue();
    }
  }

  @Test
  void aServerThatWritesNoHiddenFilesPressesItToo() throws IOException {
    try (var stop = StopButton.show(folder.resolve(".stop"))) {
      Files.createFile(folder.resolve("stop"));
      assertThat(stop.pressed()).isTrue();
    }
    assertThat(folder.resolve("stop")).doesNotExist();
  }

  @Test
  void gitDoesNotSeeItsFile() throws IOException {
    try (var stop = StopButton.show()) {
      assertThat(stop.file().getFileName().toString()).startsWith(".stop-kolors4j-");
    }
    assertThat(Files.readAllLines(Path.of(".gitignore")))
        .contains(".stop-kolors4j-*", "stop-kolors4j-*");
  }

  @Test
  void closingRemovesItsFile() throws IOException {
    Path file = folder.resolve("stop");
    try (var stop = StopButton.show(file)) {
      Files.createFile(file);
      assertThat(stop.pressed()).isTrue();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void anInterruptPressesItAndTheThreadStaysInterrupted() {
    try (var stop = StopButton.show(folder.resolve("stop"))) {
      Thread.currentThread().interrupt();
      assertThat(stop.pressed()).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void itCanBePressedByTheProgram() {
    try (var stop = StopButton.show(folder.resolve("stop"))) {
      stop.press();
      assertThat(stop.getAsBoolean()).isTrue();
    }
  }
}
