package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {
  @TempDir Path folder;

  @Test
  void aFolderHasTheRoomOfItsDisk() throws IOException {
    long ofDisk = Files.getFileStore(folder).getUsableSpace();
    assertThat(FreeSpace.of(folder).orElseThrow())
        .isBetween(ofDisk - (1L << 30), ofDisk + (1L << 30));
  }

  @Test
  void whereTheSystemDoesNotSayThereIsNoAnswerRatherThanAnError() {
    assertThat(FreeSpace.of(folder.resolve("nowhere"))).isEmpty();
  }
}
