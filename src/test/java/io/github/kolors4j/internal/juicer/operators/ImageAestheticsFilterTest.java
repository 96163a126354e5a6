package io.github.kolors4j.internal.juicer.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.juicer.JuicerResult;
import io.github.kolors4j.juicer.Recipe;
import io.github.kolors4j.juicer.RecipeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against data-juicer's own operator; {@code golden/clip/make_clip.py} says how. */
class ImageAestheticsFilterTest {
  private static final JsonObject EXPECTED = read();
  private static final Path IMAGES = Path.of("src/test/resources/image").toAbsolutePath();

  @TempDir Path folder;

  static Stream<JsonObject> cases() {
    return EXPECTED.getAsJsonArray("cases").asList().stream().map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picturesAreScoredAndKeptAsByDataJuicer(JsonObject expected) throws IOException {
    Map<String, Object> parameters = new TreeMap<>();
    expected
        .getAsJsonObject("parameters")
        .asMap()
        .forEach(
            (name, value) ->
                parameters.put(
                    name,
                    value.getAsJsonPrimitive().isNumber()
                        ? (Object) value.getAsDouble()
                        : value.getAsString()));
    parameters.put(
        "hf_scorer_model",
        Golden.path("clip").resolve(parameters.get("hf_scorer_model").toString()).toString());

    JuicerResult result = run(parameters);

    for (int i = 0; i < result.samples().size(); i++) {
      JsonArray wanted = expected.getAsJsonArray("scores").get(i).getAsJsonArray();
      JsonArray found =
          result.samples().get(i).statistics().get("image_aesthetics_scores").getAsJsonArray();
      assertThat(found).hasSameSizeAs(wanted);
      for (int j = 0; j < found.size(); j++) {
        assertThat(found.get(j).getAsDouble()).isEqualTo(wanted.get(j).getAsDouble(), within(1e-5));
      }
    }
    List<Integer> kept =
        Files.readAllLines(result.file()).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject().get("id").getAsInt())
            .toList();
    assertThat(kept)
        .isEqualTo(
            expected.getAsJsonArray("kept").asList().stream().map(JsonElement::getAsInt).toList());
  }

  @Test
  void aRejectedSampleSaysItsScoreAndTheBoundThatItBroke() throws IOException {
    String model = Golden.path("clip/shunk031/aesthetics-predictor-v2-tiny-linearMSE").toString();

    JuicerResult result = run(Map.of("hf_scorer_model", model, "min_score", 0.9));

    assertThat(result.rejected().all().get(0).toString())
        .contains("aesthetics score 0.")
        .contains("is below min_score = 0.9")
        .contains("小于下限");
  }

  @Test
  void aMissingModelIsAnErrorThatSaysWhatToDownloadAndWhereTo() {
    assertThatThrownBy(() -> run(Map.of()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("shunk031/aesthetics-predictor-v2-sac-logos-ava1-l14-linearMSE")
        .hasMessageContaining("Hub.huggingFace().fetch")
        .hasMessageContaining("models");
  }

  private JuicerResult run(Map<String, Object> parameters) throws IOException {
    StringBuilder lines = new StringBuilder();
    List<JsonElement> samples = new ArrayList<>(EXPECTED.getAsJsonArray("samples").asList());
    for (int i = 0; i < samples.size(); i++) {
      JsonArray pictures = new JsonArray();
      for (JsonElement picture : samples.get(i).getAsJsonArray()) {
        pictures.add(IMAGES.resolve(picture.getAsString()).toString());
      }
      JsonObject sample = new JsonObject();
      sample.addProperty("id", i);
      sample.addProperty("text", "picture");
      sample.add("images", pictures);
      lines.append(sample).append('\n');
    }
    Files.writeString(folder.resolve("samples.jsonl"), lines);
    return Recipe.builder("samples.jsonl")
        .exportPath("result.jsonl")
        .np(2)
        .then("image_aesthetics_filter", parameters)
        .run(folder);
  }

  private static JsonObject read() {
    try {
      return JsonParser.parseString(Files.readString(Golden.path("clip/operator.json")))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
