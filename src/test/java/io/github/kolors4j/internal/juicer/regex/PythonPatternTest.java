package io.github.kolors4j.internal.juicer.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.CpuTime;
import io.github.kolors4j.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Against {@code re.sub} of Python 3.11; {@code golden/regex/make_regex.py} made the cases. */
class PythonPatternTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/regex");

  @Test
  void everyPatternGivesWhatPythonGives() throws IOException {
    List<String> lines = Golden.unpacked(GOLDEN.resolve("cases.jsonl.gz")).lines().toList();
    JsonArray texts =
        JsonParser.parseString(lines.get(0)).getAsJsonObject().getAsJsonArray("texts");
    assertThat(lines).hasSizeGreaterThan(2000);
    assertAsInPython(lines.subList(1, lines.size()), texts);
  }

  @Test
  void whatUsersReportedGivesWhatPythonGives() throws IOException {
    JsonObject faults =
        JsonParser.parseString(Files.readString(GOLDEN.resolve("faults.json"))).getAsJsonObject();
    SoftAssertions softly = new SoftAssertions();
    for (JsonElement element : faults.getAsJsonArray("cases")) {
      JsonObject one = element.getAsJsonObject();
      String pattern = one.get("pattern").getAsString();
      String replacement = one.get("repl").getAsString();
      UnaryOperator<String> here = substitution(pattern, false, replacement);
      for (int i = 0; i < faults.getAsJsonArray("texts").size(); i++) {
        String text = faults.getAsJsonArray("texts").get(i).getAsString();
        String expected =
            one.has("error")
                ? one.get("error").getAsString()
                : one.getAsJsonArray("expected").get(i).getAsString();
        softly
            .assertThat(here.apply(text))
            .as("%s -> %s in %s", pattern, replacement, text)
            .isEqualTo(expected);
      }
    }
    softly.assertAll();
  }

  /** Cases of other seeds: {@code -Dregex.cases=FILE}. */
  @Test
  void moreCasesGiveWhatPythonGives() throws IOException {
    String more = System.getProperty("regex.cases");
    if (more != null) {
      assertAsInPython(Files.readAllLines(Path.of(more)), new JsonArray());
    }
  }

  private static void assertAsInPython(List<String> lines, JsonArray common) {
    List<String> wrong = new ArrayList<>();
    for (String line : lines) {
      JsonObject one = JsonParser.parseString(line).getAsJsonObject();
      String pattern = one.get("pattern").getAsString();
      boolean dotAll = one.get("dotall").getAsBoolean();
      String replacement = one.get("repl").getAsString();
      JsonArray texts = one.has("texts") ? one.getAsJsonArray("texts") : common;
      UnaryOperator<String> here = substitution(pattern, dotAll, replacement);
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i).getAsString();
        String expected =
            one.has("error")
                ? one.get("error").getAsString()
                : one.getAsJsonObject("changed").has("" + i)
                    ? one.getAsJsonObject("changed").get("" + i).getAsString()
                    : text;
        String actual = here.apply(text);
        if (!actual.equals(expected)) {
          wrong.add(
              "%s %s -> %s in [%s]: Python [%s], here [%s]"
                  .formatted(pattern, dotAll ? "s" : "", replacement, text, expected, actual));
          break;
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What becomes of a text, or the message with which Python refuses the pattern. */
  private static UnaryOperator<String> substitution(
      String pattern, boolean dotAll, String replacement) {
    try {
      return PythonPattern.compile(pattern, dotAll, PatternDialect.RE).substitution(replacement)
          ::apply;
    } catch (PatternException e) {
      return text -> e.getMessage();
    }
  }

  private static String replaced(String pattern, boolean dotAll, String replacement, String text) {
    return substitution(pattern, dotAll, replacement).apply(text);
  }

  @Test
  void aPatternThatTriesTooManyWaysIsGivenUp() {
    var endless = PythonPattern.compile("(a*)*\\1b", true, PatternDialect.RE).substitution("");
    assertThat(
            CpuTime.of(
                () ->
                    assertThatThrownBy(() -> endless.apply("a".repeat(5000)))
                        .isInstanceOf(EndlessMatchException.class)))
        .isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void longTextsNeedNoDeepStackAndNoLongTime() {
    String text = "ab".repeat(100_000);
    assertThat(
            CpuTime.of(
                () -> {
                  assertThat(replaced("(?:a|b)*", true, "x", text)).isEqualTo("xx");
                  assertThat(replaced("(?:ab|c)*", true, "x", text)).isEqualTo("xx");
                  assertThat(replaced("(a|bc?)*?$", true, "x", text)).isEqualTo("xx");
                  assertThat(replaced("\\w+@\\w+", true, "x", text)).isEqualTo(text);
                  assertThat(replaced("\\b(\\w+)@", true, "x", text)).isEqualTo(text);
                  assertThat(replaced("(?:(?>a|b))++c", true, "x", text.substring(0, 2000)))
                      .hasSize(2000);
                }))
        .isLessThan(Duration.ofSeconds(20));
  }
}
