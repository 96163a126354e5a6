package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The kernel stops at the first import that fails, and a learner's cells rely on the others. */
class StartUpScriptTest {

  private static final Path SOURCES = Path.of("src/main/java/io/github/kolors4j");

  private static final Path SCRIPT =
      Path.of("src/main/resources/io/github/kolors4j/kernel/startup.jsh");

  /** Packages that a notebook's cells do not use by their simple names. */
  private static final List<String> NOT_IMPORTED = List.of("cli", "internal");

  @Test
  void itImportsEveryPackageThatLearnersUseAndNoOther() throws IOException {
    var imported = new TreeSet<String>();
    var line = Pattern.compile("(?m)^import io\\.github\\.kolors4j\\.([a-z]+)\\.\\*;$");
    var script = line.matcher(Files.readString(SCRIPT));
    while (script.find()) {
      imported.add(script.group(1));
    }

    var present = new TreeSet<String>();
    try (var folders = Files.list(SOURCES)) {
      folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !NOT_IMPORTED.contains(name))
          .forEach(present::add);
    }

    assertThat(imported)
        .as("the packages that startup.jsh imports: correct the script's list")
        .isEqualTo(present);
  }
}
