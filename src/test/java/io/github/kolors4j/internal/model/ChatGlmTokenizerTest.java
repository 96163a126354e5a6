package io.github.kolors4j.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.CpuTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatGlmTokenizerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path FOLDER = GOLDEN.resolve("kolors-tiny/tokenizer");

  private static final ChatGlmTokenizer TOKENIZER = ChatGlmTokenizer.load(FOLDER);

  @Test
  void idsMaskAndPositionsAreThoseOfPython() throws IOException {
    for (JsonElement element : array("tokenizer.json")) {
      JsonObject golden = element.getAsJsonObject();
      String prompt = golden.get("prompt").getAsString();
      int length = golden.get("length").getAsInt();
      TokenizedPrompt tokens = TOKENIZER.encode(prompt);
      assertThat(tokens.length()).isEqualTo(length);
      assertThat(tokens.inputIds()).as(prompt).isEqualTo(padded(golden.getAsJsonArray("ids")));
      assertThat(tokens.positionIds()).isEqualTo(padded(golden.getAsJsonArray("positions")));
      long[] mask = new long[256];
      Arrays.fill(mask, 256 - length, 256, 1);
      assertThat(tokens.attentionMask()).isEqualTo(mask);
      assertThat(TOKENIZER.paddingId()).isEqualTo(golden.get("pad_id").getAsInt());
    }
  }

  @Test
  void awkwardTextsAreCutAndPutTogetherAsByPython() throws IOException {
    JsonArray rows = array("awkward_texts.json");
    assertThat(rows.size()).isGreaterThan(300);
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      String text = row.get("text").getAsString();
      long[] ids = longs(row.getAsJsonArray("ids"));
      assertThat(TOKENIZER.ids(text))
          .as(text)
          .containsExactly(Arrays.stream(ids).mapToInt(i -> (int) i).toArray());
      if (!row.get("decoded").isJsonNull()) {
        assertThat(TOKENIZER.decode(ids)).isEqualTo(row.get("decoded").getAsString());
      }
    }
  }

  @Test
  void aPromptOfExactly256TokensIsKeptWhole() {
    String prompt = "啊哦".repeat(127).substring(0, 253);
    assertThat(TOKENIZER.ids(prompt)).hasSize(256);
    TokenizedPrompt tokens = TOKENIZER.encode(prompt);
    assertThat(tokens.truncated()).isFalse();
    assertThat(tokens.droppedText()).isEmpty();
    assertThat(tokens.length()).isEqualTo(256);
  }

  @Test
  void aLongerPromptLosesItsEndAndSaysWhat() {
    String prompt = "啊哦".repeat(127).substring(0, 253) + "戴帽子";
    int[] all = TOKENIZER.ids(prompt);
    TokenizedPrompt tokens = TOKENIZER.encode(prompt);
    assertThat(tokens.truncated()).isTrue();
    assertThat(tokens.droppedText()).isEqualTo("戴帽子");
    assertThat(tokens.inputIds())
        .containsExactly(Arrays.stream(all).limit(256).asLongStream().toArray());
  }

  @Test
  void truncationIsLoggedAsAWarningWithTheLostText() {
    PrintStream standardError = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      TOKENIZER.encode("蓝色背带裤", 256);
      assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
      TOKENIZER.encode("啊哦" + "红帽子", 5);
    } finally {
      System.setErr(standardError);
    }
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("WARN", "more than fit", "帽子");
  }

  @Test
  void anEndThatIsBrokenWithinACharacterStillHasAText() {
    TokenizedPrompt tokens = TOKENIZER.encode("🎨🚀", 5);
    assertThat(tokens.truncated()).isTrue();
    assertThat(tokens.droppedText()).isEqualTo("\uFFFD\uFFFD🚀");
  }

  @Test
  void halfASurrogatePairCountsAsTheReplacementCharacter() {
    assertThat(TOKENIZER.ids("a\uD83C b\uDFA8")).isEqualTo(TOKENIZER.ids("a\uFFFD b\uFFFD"));
  }

  @Test
  void theWholeTokenSequenceDecodesToThePrompt() {
    String prompt = "二次元，a boy with 蓝色 hair 🎨\n";
    assertThat(TOKENIZER.decode(TOKENIZER.encode(prompt).inputIds())).isEqualTo(prompt);
  }

  @Test
  void piecesShowHowAPromptIsCut() {
    assertThat(TOKENIZER.pieces("二次元 hat")).containsExactly("▁", "二次", "元", "▁hat");
  }

  @Test
  void oneHundredThousandCharactersTakeWellUnderASecond() {
    String mixed = "蓝色背带裤 the blue hair 🎨 ".repeat(5_000);
    String spaces = " ".repeat(100_000);
    String letters = "a".repeat(100_000);
    TOKENIZER.ids(mixed);
    assertThat(
            CpuTime.of(
                () -> {
                  TOKENIZER.ids(mixed);
                  TOKENIZER.ids(spaces);
                  TOKENIZER.ids(letters);
                }))
        .isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void specialTokensFollowTheVocabulary() {
    assertThat(TOKENIZER.vocabularySize()).isEqualTo(64_798);
    assertThat(TOKENIZER.specialToken("[gMASK]")).isEqualTo(64_790);
    assertThat(TOKENIZER.specialToken("<|observation|>")).isEqualTo(64_797);
    assertThatThrownBy(() -> TOKENIZER.specialToken("[CLS]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[CLS]")
        .hasMessageContaining("[gMASK]");
  }

  @Test
  void aMissingModelIsNamedWithThePlaceWhereItBelongs(@TempDir Path folder) {
    assertThatThrownBy(() -> ChatGlmTokenizer.load(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining(folder.resolve("tokenizer.model").toString())
        .hasMessageContaining("tokenizer/tokenizer.model");
  }

  @Test
  void aModelCutOffAnywhereIsRefused(@TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(FOLDER.resolve("tokenizer.model"));
    for (int length : new int[] {0, 1, 9, 5_000, whole.length / 2, whole.length - 1}) {
      Files.write(folder.resolve("tokenizer.model"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ChatGlmTokenizer.load(folder))
          .as("%d bytes", length)
          .isInstanceOf(TokenizerException.class)
          .hasMessageContaining("tokenizer.model");
    }
  }

  @Test
  void aLengthThatLiesTakesNoMemory(@TempDir Path folder) throws IOException {
    byte[] lie = {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 1, 2, 3};
    Files.write(folder.resolve("tokenizer.model"), lie);
    assertThatThrownBy(() -> ChatGlmTokenizer.load(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void aGitLfsPointerInsteadOfTheModelIsRefused(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.model"), "version https://git-lfs.github.com/spec/v1\noid");
    assertThatThrownBy(() -> ChatGlmTokenizer.load(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("Git LFS");
  }

  private static JsonArray array(String file) throws IOException {
    return JsonParser.parseString(Files.readString(GOLDEN.resolve(file))).getAsJsonArray();
  }

  private static long[] longs(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToLong(JsonElement::getAsLong)
        .toArray();
  }

  private static long[] padded(JsonArray array) {
    long[] tokens = longs(array);
    long[] padded = new long[256];
    System.arraycopy(tokens, 0, padded, 256 - tokens.length, tokens.length);
    return padded;
  }
}
