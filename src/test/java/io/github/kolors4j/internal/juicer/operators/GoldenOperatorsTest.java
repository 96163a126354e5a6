package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.juicer.JuicerResult;
import io.github.kolors4j.juicer.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operator against data-juicer 1.0.0 on awkward samples; {@code make_operators.py} beside
 * {@code operators.json} says how the expected values were computed.
 */
class GoldenOperatorsTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/golden/juicer").toAbsolutePath().normalize();
  private static final JsonObject EXPECTED = read();

  @TempDir Path folder;

  static Stream<Arguments> cases() {
    return EXPECTED.getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(c -> Arguments.of(c.get("operator").getAsString() + " " + c.get("parameters"), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void anOperatorDoesWhatDataJuicersDoes(String name, JsonObject expected) throws IOException {
    Files.writeString(folder.resolve("samples.jsonl"), samples());

    JuicerResult result =
        Recipe.builder("samples.jsonl")
            .exportPath("result.jsonl")
            .np(2)
            .then(expected.get("operator").getAsString(), parameters(expected))
            .run(folder);

    List<Integer> kept = new ArrayList<>();
    for (String line : Files.readAllLines(result.file())) {
      kept.add(JsonParser.parseString(line).getAsJsonObject().get("id").getAsInt());
    }
    for (int i = 0; i < result.samples().size(); i++) {
      Sample sample = result.samples().get(i);
      compareStatistics(sample, expected, i);
      compareText(sample, expected, i);
      compareHashes(sample, expected, i);
    }
    List<Integer> expectedKept =
        expected.getAsJsonArray("kept").asList().stream().map(JsonElement::getAsInt).toList();
    assertThat(kept).isEqualTo(expectedKept);
  }

  @Test
  void everyOperatorHasACase() {
    // These have expected values elsewhere: ImageBlurMapperTest and ImageAestheticsFilterTest.
    Set<String> tested = new TreeSet<>(Set.of("image_blur_mapper", "image_aesthetics_filter"));
    EXPECTED
        .getAsJsonArray("cases")
        .forEach(c -> tested.add(c.getAsJsonObject().get("operator").getAsString()));

    assertThat(tested).isEqualTo(new TreeSet<>(OperatorCatalog.names()));
  }

  private static void compareStatistics(Sample sample, JsonObject expected, int index) {
    JsonArray statistics = expected.getAsJsonArray("statistics");
    if (statistics == null || statistics.isEmpty()) {
      assertThat(sample.statistics()).isEmpty();
      return;
    }
    JsonObject values = statistics.get(index).getAsJsonObject();
    assertThat(sample.statistics().keySet()).isEqualTo(values.keySet());
    for (String name : values.keySet()) {
      List<Double> found = numbers(sample.statistics().get(name));
      List<Double> wanted = numbers(values.get(name));
      assertThat(found).as("%s of %s", name, sample.text()).hasSameSizeAs(wanted);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i))
            .as("%s of %s", name, sample.text())
            .isEqualTo(wanted.get(i), within(1e-9));
      }
    }
  }

  private static void compareText(Sample sample, JsonObject expected, int index) {
    JsonObject texts = expected.getAsJsonObject("texts");
    JsonObject original = EXPECTED.getAsJsonArray("samples").get(index).getAsJsonObject();
    String id = String.valueOf(index);
    String wanted =
        texts != null && texts.has(id)
            ? texts.get(id).getAsString()
            : original.get("text").getAsString();
    assertThat(sample.text()).as("the text that was " + original.get("text")).isEqualTo(wanted);
  }

  private static void compareHashes(Sample sample, JsonObject expected, int index) {
    for (String key : List.of("__dj__hash", "__dj__simhash", "__dj__imagehash")) {
      if (expected.has(key)) {
        assertThat(sample.hashes().get(key))
            .as("%s of %s %s", key, sample.text(), sample.pictures())
            .isEqualTo(expected.getAsJsonArray(key).get(index).getAsString());
      }
    }
  }

  private static List<Double> numbers(JsonElement value) {
    return value instanceof JsonArray list
        ? list.asList().stream().map(JsonElement::getAsDouble).toList()
        : List.of(value.getAsDouble());
  }

  private static String samples() {
    StringBuilder lines = new StringBuilder();
    for (JsonElement element : EXPECTED.getAsJsonArray("samples")) {
      JsonObject sample = element.getAsJsonObject().deepCopy();
      JsonArray pictures = new JsonArray();
      for (JsonElement picture : sample.getAsJsonArray("images")) {
        pictures.add(GOLDEN.resolve(picture.getAsString()).normalize().toString());
      }
      sample.add("images", pictures);
      lines.append(sample).append('\n');
    }
    return lines.toString();
  }

  private static Map<String, Object> parameters(JsonObject expected) {
    Map<String, Object> parameters = new TreeMap<>();
    expected
        .getAsJsonObject("parameters")
        .entrySet()
        .forEach(entry -> parameters.put(entry.getKey(), value(entry.getValue())));
    return parameters;
  }

  private static Object value(JsonElement element) {
    if (element instanceof JsonArray list) {
      return list.asList().stream()
          .map(GoldenOperatorsTest::value)
          .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }
    if (!(element instanceof JsonPrimitive primitive)) {
      return null;
    }
    if (primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    if (primitive.isString()) {
      return primitive.getAsString();
    }
    String number = primitive.getAsString();
    return number.matches("-?\\d+") ? (Object) Long.valueOf(number) : Double.valueOf(number);
  }

  private static JsonObject read() {
    try {
      return JsonParser.parseString(Files.readString(GOLDEN.resolve("operators.json")))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
