package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.comfy.WorkflowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComfyFoldersTest {
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void makeFolder() throws IOException {
    input = Files.createDirectories(folder.resolve("input"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "sub/a.png", "sub\\a.png", "一只猫.png", "a/../b.png", ""})
  void aNameWithinItsFolderIsFound(String name) {
    assertThat(ComfyFolders.confined(input, name)).startsWithRaw(input);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../a.png", "..\\a.png", "/etc/passwd", "C:\\a.png", "a\0.png", "sub/../../a"})
  void aNameThatLeadsOutIsRefused(String name) {
    assertThatThrownBy(() -> ComfyFolders.confined(input, name))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("no name within its folder");
  }

  @Test
  void aLinkThatLeadsOutIsRefusedWhetherOrNotItsTargetIsThere() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.createSymbolicLink(input.resolve("folder"), outside);
    Files.createSymbolicLink(input.resolve("new.png"), folder.resolve("not-yet.png"));

    for (String name : new String[] {"folder", "folder/a.png", "new.png", "new.png/a.png"}) {
      assertThatThrownBy(() -> ComfyFolders.confined(input, name))
          .as(name)
          .isInstanceOf(WorkflowException.class);
    }
  }

  @Test
  void aLinkWithinTheFolderIsFollowed() throws IOException {
    Files.createDirectories(input.resolve("there"));
    Files.createSymbolicLink(input.resolve("here"), input.resolve("there"));

    assertThat(ComfyFolders.confined(input, "here/a.png")).isEqualTo(input.resolve("here/a.png"));
  }
}
