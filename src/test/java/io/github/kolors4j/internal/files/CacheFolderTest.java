package io.github.kolors4j.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  private static final String HOME = Path.of("/home/me").toAbsolutePath().toString();

  private static Path find(Map<String, String> properties, Map<String, String> environment)
      throws IOException {
    return CacheFolder.find(properties::get, environment);
  }

  @Test
  void eachSystemHasItsOwnPlace() throws IOException {
    Path home = Path.of(HOME);
    assertThat(find(Map.of("os.name", "Linux", "user.home", HOME), Map.of()))
        .isEqualTo(home.resolve(".cache/kolors4j"));
    assertThat(find(Map.of("os.name", "Mac OS X", "user.home", HOME), Map.of()))
        .isEqualTo(home.resolve("Library/Caches/kolors4j"));
    assertThat(find(Map.of("os.name", "Windows 11", "user.home", HOME), Map.of()))
        .isEqualTo(home.resolve("AppData/Local/kolors4j"));
  }

  @Test
  void theSystemsVariablesGoFirst() throws IOException {
    Map<String, String> variables =
        Map.of("XDG_CACHE_HOME", HOME + "/x", "LOCALAPPDATA", HOME + "/l");
    assertThat(find(Map.of("os.name", "Linux", "user.home", HOME), variables))
        .isEqualTo(Path.of(HOME, "x", "kolors4j"));
    assertThat(find(Map.of("os.name", "Windows 10", "user.home", HOME), variables))
        .isEqualTo(Path.of(HOME, "l", "kolors4j"));
    assertThat(find(Map.of("os.name", "Linux", "user.home", HOME), Map.of("XDG_CACHE_HOME", "x")))
        .as("a relative one does not count")
        .isEqualTo(Path.of(HOME, ".cache", "kolors4j"));
  }

  @Test
  void aFolderThatIsNamedIsTaken() throws IOException {
    Map<String, String> variables = Map.of("KOLORS4J_CACHE", HOME + "/v", "XDG_CACHE_HOME", HOME);
    assertThat(find(Map.of("os.name", "Linux", "user.home", HOME), variables))
        .isEqualTo(Path.of(HOME, "v"));
    assertThat(find(Map.of("os.name", "Linux", "kolors4j.cache", HOME + "/p"), variables))
        .isEqualTo(Path.of(HOME, "p"));
  }

  @Test
  void aUserWithoutAHomeIsToldWhatToDo() throws IOException {
    Map<String, String> unknown = Map.of("os.name", "Linux", "user.home", "?");
    assertThat(find(unknown, Map.of("HOME", HOME))).isEqualTo(Path.of(HOME, ".cache", "kolors4j"));
    assertThatThrownBy(() -> find(unknown, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("KOLORS4J_CACHE");
  }
}
