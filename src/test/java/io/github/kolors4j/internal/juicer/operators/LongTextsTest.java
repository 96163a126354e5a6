package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.kolors4j.juicer.JuicerResult;
import io.github.kolors4j.juicer.Recipe;
import io.github.kolors4j.juicer.RecipeBuilder;
import io.github.kolors4j.juicer.RecipeException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long texts, each the worst for some way of looking through it. */
class LongTextsTest {
  /** What takes the square of this takes minutes. */
  private static final int LENGTH = 50_000;

  /** What is repeated. */
  private static final List<String> PARTS =
      List.of(
          "a",
          "a.",
          "a-",
          "(a",
          "(a(b)",
          "<a",
          "<li>",
          "&",
          "1.",
          "1:",
          " a",
          "。”",
          "……",
          "一",
          "Ã©",
          "\u001b[1;",
          "a\u0300",
          "\ud83d\ude00");

  @TempDir private static Path folder;
  private static int texts;

  @BeforeAll
  static void write() throws IOException {
    write("in.jsonl", LENGTH);
    write("shorter.jsonl", LENGTH / 5);
  }

  private static void write(String name, int length) throws IOException {
    List<String> all = new ArrayList<>();
    for (String part : PARTS) {
      all.add(part.repeat(length / part.length()));
    }
    all.add("x@" + "a.".repeat(length / 2) + "1");
    all.add("ab-".repeat(length / 6) + "c:%" + "!".repeat(length / 2));
    all.add("a:" + "(a(b)".repeat(length / 5));
    all.add("&" + "amp;".repeat(length / 4));
    all.add("&".repeat(length / 40) + "#35;" + "35;".repeat(length / 40));
    texts = all.size();
    try (Writer out = Files.newBufferedWriter(folder.resolve(name))) {
      for (String text : all) {
        JsonObject line = new JsonObject();
        line.addProperty("text", text);
        out.write(line + "\n");
      }
    }
  }

  static Stream<String> operators() {
    return OperatorCatalog.names().stream()
        .filter(name -> !name.startsWith("image_") && !name.contains("field"))
        .filter(name -> !name.equals("suffix_filter") && !name.equals("random_selector"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void everyOperatorGetsThroughThem(String operator) {
    // Looking for spoilt text takes ten microseconds a character.
    String file = operator.equals("fix_unicode_mapper") ? "shorter.jsonl" : "in.jsonl";
    RecipeBuilder recipe = Recipe.builder(file).exportPath(operator + ".jsonl");
    JuicerResult result =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(40), () -> recipe.then(operator, Map.of()).run(folder));
    assertThat(result.samples()).hasSize(texts);
  }

  @Test
  void aTextOnWhichAnExpressionTakesTooLongIsReportedAndTheOthersGoOn() throws IOException {
    Path file = folder.resolve("endless.jsonl");
    Files.writeString(file, "{\"text\": \"" + "a".repeat(40) + "\"}\n{\"text\": \"aab\"}\n");
    RecipeBuilder recipe =
        Recipe.builder("endless.jsonl")
            .exportPath("endless/result.jsonl")
            .then("replace_content_mapper", Map.of("pattern", "(a*)*\\1c", "repl", "x"));

    JuicerResult result = recipe.run(folder);

    assertThat(result.keptSize()).isEqualTo(1);
    assertThat(result.rejected().stream())
        .singleElement()
        .asString()
        .contains("第 1 行", "replace_content_mapper", "耗时过长", "the expression tries too many ways");
    assertThatThrownBy(() -> recipe.stopOnErrors().run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("replace_content_mapper stopped at line 1")
        .hasMessageContaining("tries too many ways");
  }
}
