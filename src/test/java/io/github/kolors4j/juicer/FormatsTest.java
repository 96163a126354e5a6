package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Awkward files, read and written as data-juicer does; {@code make_formats.py} beside the expected
 * results says how it was asked. Where ours differs on purpose, {@code ours.json} says what it is.
 */
class FormatsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/juicer/formats");

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> filesAreReadAsDataJuicerReadsThem() throws IOException {
    JsonObject ours = json("ours.json").getAsJsonObject();
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonElement element : json("expected.json").getAsJsonArray()) {
      JsonObject theirs = element.getAsJsonObject();
      String name = theirs.get("name").getAsString();
      JsonObject expected = ours.has(name) ? ours.getAsJsonObject(name) : theirs;
      tests.add(DynamicTest.dynamicTest(name, () -> check(theirs, expected)));
    }
    assertThat(tests).hasSizeGreaterThan(150);
    return tests;
  }

  /** {@code make_random_tables.py} asked pandas. What ours refuses besides, loses rows or cells. */
  @Test
  void tablesOfRandomSignsAreReadAsPandasReadsThem() throws IOException {
    int same = 0;
    for (JsonElement element : json("random_tables.json").getAsJsonArray()) {
      JsonObject pandas = element.getAsJsonObject();
      String bytes = pandas.get("bytes").getAsString();
      String expected = pandas.has("result") ? pandas.get("result").getAsString() : "refused";
      Files.write(folder.resolve("in.csv"), bytes.getBytes(StandardCharsets.ISO_8859_1));
      String ours;
      try {
        Path result = Recipe.builder("in.csv").exportPath("result.jsonl").run(folder).file();
        ours = Files.readString(result).replace("\\/", "/");
      } catch (RecipeException e) {
        ours = e.getMessage();
      }
      if (expected.equals("refused") || expected.equals("index")) {
        assertThat(ours).as(bytes).containsPattern("in.csv, line \\d: |in.csv is empty");
      } else if (!ours.contains("the next one that could close it stands within a cell")) {
        assertThat(ours.replaceFirst(".*in.csv is empty.*", "")).as(bytes).isEqualTo(expected);
        same++;
      }
    }
    assertThat(same).isGreaterThan(80);
  }

  private void check(JsonObject given, JsonObject expected) throws IOException {
    Path place = Files.createTempDirectory(folder, "case");
    String name = given.get("file").getAsString();
    byte[] content = given.get("bytes").getAsString().getBytes(StandardCharsets.ISO_8859_1);
    Files.write(place.resolve(name), content);
    // As the expected ones: a set without captions is read, too.
    String firstLine = new String(content, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    RecipeBuilder recipe = Recipe.builder(name).exportPath("out/result.jsonl");
    if (expected.has("result")) {
      Path result = recipe.run(place).file();
      assertThat(Files.readString(result).replace("\\/", "/"))
          .isEqualTo(expected.get("result").getAsString());
      return;
    }
    String message = expected.has("refused") ? expected.get("refused").getAsString() : name;
    assertThatThrownBy(() -> recipe.run(place))
        .as(firstLine)
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(message);
  }

  private static JsonElement json(String name) throws IOException {
    return JsonParser.parseString(Files.readString(GOLDEN.resolve(name)));
  }
}
