package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The way of a training picture as {@code docs/walk.md} tells it. */
class TrainingWalkTest {

  @Test
  void theWayOfATrainingPictureMeetsEachClassOnceAndAllOfThemExist() throws IOException {
    String section =
        Files.readString(Path.of("docs/walk.md"))
            .split("## A training picture\n", 2)[1]
            .split("\n## ", 2)[0];
    List<String> met =
        Pattern.compile("`([A-Z][A-Za-z]+)`")
            .matcher(section)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(met).isNotEmpty().doesNotHaveDuplicates();
    List<String> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(sources).containsAll(met.stream().map(name -> name + ".java").toList());
  }
}
