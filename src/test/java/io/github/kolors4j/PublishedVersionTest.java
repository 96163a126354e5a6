package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The artifacts are released together (docs/dependencies.md), and CHANGES.md says what is new. */
class PublishedVersionTest {
  private static final String SNAPSHOT = "-SNAPSHOT";

  private static String first(String file, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
    return matcher.group(1);
  }

  private static String version() throws IOException {
    return first("pom.xml", "(?m)^ {2}<version>(.+)</version>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kolors4j", "kolors4j-mini", "kolors4j-avatars"})
  void allArtifactsHaveOneVersion(String module) throws IOException {
    String pom = Path.of("environment", "artifacts", module, "pom.xml").toString();
    assertThat(first(pom, "(?m)^ {2,4}<version>(.+)</version>")).isEqualTo(version());
  }

  @Test
  void changesBeginWithThisVersionAndSayWhetherItIsReleased() throws IOException {
    String version = version();
    String heading = first("CHANGES.md", "(?m)^## (.+)$");
    assertThat(heading).startsWith(version.replace(SNAPSHOT, ""));
    assertThat(heading.endsWith("(not released)")).isEqualTo(version.endsWith(SNAPSHOT));
  }
}
