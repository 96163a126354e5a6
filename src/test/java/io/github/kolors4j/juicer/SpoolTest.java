package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path folder;

  @Test
  void recordsComeBackWhetherTheyAreInMemoryOrNot() {
    Spool spool = new Spool(folder, 1000);
    for (int i = 0; i < 5000; i++) {
      spool.add(record(i));
    }

    assertThat(spool.size()).isEqualTo(5000);
    for (int i = 0; i < 5000; i++) {
      assertThat(spool.get(i)).isEqualTo(record(i));
    }
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      int index = random.nextInt(5000);
      assertThat(spool.get(index)).isEqualTo(record(index));
    }
  }

  @Test
  void recordsCanBeAddedAfterSomeWereRead() {
    Spool spool = new Spool(folder, 0);
    spool.add(record(1));
    assertThat(spool.get(0)).isEqualTo(record(1));
    spool.add(record(2));
    spool.add(new byte[200_000]);
    spool.add(record(3));

    assertThat(spool.get(1)).isEqualTo(record(2));
    assertThat(spool.get(2)).hasSize(200_000);
    assertThat(spool.get(3)).isEqualTo(record(3));
    assertThat(spool.get(0)).isEqualTo(record(1));
  }

  @Test
  void itsFileIsNotSeenAndSoNeverLeftBehind() throws IOException {
    Spool spool = new Spool(folder.resolve("new"), 0);
    spool.add(record(1));

    assertThat(folder.resolve("new")).isEmptyDirectory();
    assertThat(spool.get(0)).isEqualTo(record(1));
  }

  @Test
  void aFolderThatTakesNoFileIsNamedWithTheRemedy() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Spool spool = new Spool(folder.resolve("file"), 0);

    assertThatThrownBy(() -> spool.add(record(1)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("file")
        .hasMessageContaining("temp_dir")
        .hasMessageContaining("the data set is as it was");
  }

  /** From none to some hundred bytes. */
  private static byte[] record(int i) {
    byte[] bytes = new byte[i * 31 % 300];
    new Random(i).nextBytes(bytes);
    return bytes;
  }
}
