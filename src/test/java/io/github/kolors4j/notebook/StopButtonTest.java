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
