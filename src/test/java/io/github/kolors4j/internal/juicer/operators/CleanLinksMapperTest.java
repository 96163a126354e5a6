package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.juicer.regex.Substitution;
import io.github.kolors4j.juicer.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beyond {@link GoldenOperatorsTest}: texts that backtracking expressions choke on. */
class CleanLinksMapperTest {
  @TempDir Path folder;

  @Test
  void noTextMakesItTryForMinutesOrRunOutOfStack() throws IOException {
    assertThat(cleaned("http://" + "!".repeat(2000))).isEqualTo("http://" + "!".repeat(2000));
    assertThat(cleaned("http://x(" + "a".repeat(2000))).isEqualTo("(" + "a".repeat(2000));
    assertThat(cleaned("http://x.de/" + "a".repeat(50_000) + " end")).isEqualTo(" end");
    assertThat(cleaned("http://x.de/" + "a.b(c)".repeat(300) + "!! end")).isEqualTo("!! end");
  }

  /** Made by {@code golden/juicer/make_links.py}. */
  @Test
  void itFindsWhatDataJuicersExpressionFinds() throws IOException {
    Path file = Path.of("src/test/resources/golden/juicer/links.jsonl.gz");
    Substitution marked = Substitution.of(LinkSearch::new, 1, Map.of(), "<\\1>");
    SoftAssertions softly = new SoftAssertions();
    for (String line : Golden.unpacked(file).lines().toList()) {
      JsonArray pair = JsonParser.parseString(line).getAsJsonArray();
      softly
          .assertThat(marked.apply(pair.get(0).getAsString()))
          .as(line)
          .isEqualTo(pair.get(1).getAsString());
    }
    softly.assertAll();
  }

  private String cleaned(String text) throws IOException {
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"" + text + "\"}\n");
    return Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            Recipe.builder("in.jsonl")
                .exportPath("out.jsonl")
                .then("clean_links_mapper", Map.of())
                .run(folder)
                .samples()
                .get(0)
                .text());
  }
}
