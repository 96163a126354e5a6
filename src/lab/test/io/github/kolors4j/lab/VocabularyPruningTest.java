package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyPruningTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path WHOLE_FOLDER = GOLDEN.resolve("kolors-tiny/tokenizer");

  @TempDir static Path folder;
  private static JsonObject golden;
  private static List<String> corpus;
  private static ChatGlmTokenizer whole;
  private static ChatGlmTokenizer pruned;

  @BeforeAll
  static void prune() throws IOException {
    golden =
        JsonParser.parseString(Files.readString(GOLDEN.resolve("pruned_tokenizer.json")))
            .getAsJsonObject();
    corpus =
        golden.getAsJsonArray("corpus").asList().stream().map(JsonElement::getAsString).toList();
    whole = ChatGlmTokenizer.load(WHOLE_FOLDER);
    VocabularyPruning.prune(WHOLE_FOLDER, corpus, folder.resolve("small"));
    pruned = ChatGlmTokenizer.load(folder.resolve("small"));
  }

  @Test
  void theTextsAreCutAsBeforeBySoManyFewerPieces() {
    assertThat(pruned.vocabularySize()).isBetween(400, 700);
    for (String text : corpus) {
      assertThat(pruned.pieces(text)).as(text).isEqualTo(whole.pieces(text));
    }
  }

  @Test
  void everyOtherTextStillDecodesToItself() throws IOException {
    String rows = Files.readString(GOLDEN.resolve("awkward_texts.json"));
    for (JsonElement row : JsonParser.parseString(rows).getAsJsonArray()) {
      JsonObject awkward = row.getAsJsonObject();
      if (!awkward.get("decoded").isJsonNull()) {
        String text = awkward.get("text").getAsString();
        long[] ids = Arrays.stream(pruned.ids(text)).asLongStream().toArray();
        assertThat(pruned.decode(ids)).isEqualTo(awkward.get("decoded").getAsString());
      }
    }
  }

  @Test
  void pythonReadsTheSameFileToTheSameIds() throws IOException {
    // The file that Python computed these ids with must be the one that is written today.
    assertThat(Files.readAllBytes(folder.resolve("small/tokenizer.model")))
        .isEqualTo(Files.readAllBytes(GOLDEN.resolve("pruned_tokenizer/tokenizer.model")));
    for (JsonElement element : golden.getAsJsonArray("encoded")) {
      JsonObject row = element.getAsJsonObject();
      int[] ids =
          row.getAsJsonArray("ids").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
      String text = row.get("text").getAsString();
      assertThat(pruned.ids(text)).as(text).isEqualTo(ids);
    }
  }

  @Test
  void theOptionsComeAlongAndNothingElseIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("small"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json");
    }
    assertThat(folder.resolve("small/tokenizer_config.json"))
        .hasSameBinaryContentAs(WHOLE_FOLDER.resolve("tokenizer_config.json"));
  }

  @Test
  void pruningAPrunedTokenizerForTheSameTextsChangesNothing() {
    VocabularyPruning.prune(folder.resolve("small"), corpus, folder.resolve("again"));
    assertThat(folder.resolve("again/tokenizer.model"))
        .hasSameBinaryContentAs(folder.resolve("small/tokenizer.model"));
  }

  @Test
  void theWholeTokenizerIsNeverOverwritten() {
    assertThatThrownBy(
            () ->
                VocabularyPruning.prune(
                    folder.resolve("small"), List.of(), folder.resolve("x/../small")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overwrite");
  }
}
