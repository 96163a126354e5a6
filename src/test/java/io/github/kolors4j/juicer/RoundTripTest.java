package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.juicer.Sample;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again as it was, whatever characters and numbers are in it. */
class RoundTripTest {
  private static final List<String> SIGNS =
      List.of(
          "a",
          "b",
          " ",
          ",",
          "\"",
          "\"\"",
          "'",
          "#",
          "\n",
          "\r\n",
          "\r",
          "\t",
          "\\",
          "/",
          ";",
          "|",
          "=",
          "+",
          "-",
          "@",
          "\ufeff",
          "\u2028",
          "\u0085",
          "\u000b",
          "\f",
          "\u001c",
          "\u0007",
          "é",
          "e\u0301",
          "男",
          "𠮷",
          "👩‍👩‍👧",
          "{",
          "}",
          "[",
          "\u0001",
          "NA",
          "null",
          "1",
          "%",
          "\u200b");
  private static final List<String> WORDS =
      List.of(
          "",
          "NA",
          "N/A",
          "None",
          "null",
          "nan",
          "True",
          "007",
          "+5",
          "1e3",
          "inf",
          "  ",
          "#",
          "#tag",
          "\"",
          "\"a\"",
          "a,b",
          "a\nb",
          "a\r",
          " a ",
          "=1+1",
          "2020-01-01",
          "-",
          "\\",
          "\\\"",
          "\ufeff");

  @TempDir Path folder;
  private final List<String> texts = new ArrayList<>(WORDS);

  @BeforeEach
  void texts() throws IOException {
    Random random = new Random(12);
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = 1 + random.nextInt(8); n > 0; n--) {
        text.append(SIGNS.get(random.nextInt(SIGNS.size())));
      }
      texts.add(text.toString());
    }
    PictureFile.write(
        new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), folder.resolve("set/0.png"));
  }

  private Path lines(List<String> texts) throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(3);
    for (String text : texts) {
      JsonObject line = new JsonObject();
      line.addProperty("text", text);
      JsonArray pictures = new JsonArray();
      pictures.add("set/0.png");
      line.add("images", pictures);
      JsonObject meta = new JsonObject();
      meta.addProperty("note, \"" + "x", text);
      meta.add("id", new JsonPrimitive(new BigInteger(63, random)));
      line.add("m/é", meta);
      lines.append(line).append('\n');
    }
    return Files.writeString(folder.resolve("in.jsonl"), lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "json", "parquet"})
  void aResultReadsAsTheSameSamples(String ending) throws IOException {
    lines(texts);
    Path once = Recipe.builder("in.jsonl").exportPath("a/r.jsonl").run(folder).file();

    Recipe.builder("in.jsonl").exportPath("b/r." + ending).run(folder);
    JuicerResult again = Recipe.builder("b/r." + ending).exportPath("c/r.jsonl").run(folder);

    assertThat(again.samples()).extracting(Sample::text).isEqualTo(texts);
    assertThat(Files.readString(again.file())).isEqualTo(Files.readString(once));
  }

  @ParameterizedTest
  @ValueSource(strings = {"set", "elsewhere", "set/below"})
  void aCsvFileReadsAsTheSamePicturesAndCaptions(String place) throws IOException {
    lines(texts);

    Recipe.builder("in.jsonl").exportPath(place + "/metadata.csv").run(folder);
    CaptionedImages again = CaptionedImages.load(folder.resolve(place));

    assertThat(again.pictures()).extracting(CaptionedPicture::caption).isEqualTo(texts);
    assertThat(again.pictures())
        .allSatisfy(
            picture ->
                assertThat(picture.file().toRealPath())
                    .isEqualTo(folder.resolve("set/0.png").toRealPath()));
    JuicerResult result =
        Recipe.builder(place + "/metadata.csv").exportPath("d/r.jsonl").run(folder);
    // As pandas, a recipe takes some words in a table for missing values.
    assertThat(result.samples())
        .extracting(sample -> sample.text() == null ? "missing" : sample.text())
        .isEqualTo(
            texts.stream()
                .map(text -> text.matches("|NA|N/A|None|null|nan") ? "missing" : text)
                .toList());
    assertThat(result.rejected().size())
        .isEqualTo((int) texts.stream().filter(t -> t.matches("|NA|N/A|None|null|nan")).count());
  }

  @Test
  void namesOfPicturesMayBeAsOddAsCaptions() throws IOException {
    List<String> names =
        List.of(
            "#1.png", "a,b.png", "q\"x.png", " sp .png", "=1+1.png", "男孩.png", "two\nlines.png");
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      Files.copy(folder.resolve("set/0.png"), folder.resolve("set").resolve(name));
      JsonObject line = new JsonObject();
      line.addProperty("text", name);
      line.addProperty("images", "set/" + name);
      lines.append(line).append('\n');
    }
    Files.writeString(folder.resolve("in.jsonl"), lines);

    Recipe.builder("in.jsonl").exportPath("set/metadata.csv").run(folder);

    assertThat(CaptionedImages.load(folder.resolve("set")).pictures())
        .allSatisfy(picture -> assertThat(picture.file()).exists())
        .extracting(picture -> picture.file().getFileName().toString())
        .isEqualTo(names);
  }

  @Test
  void aZeroByteIsRefusedWhereItCouldNotBeReadAgain() throws IOException {
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"a\\u0000b\"}\n");

    assertThatThrownBy(() -> Recipe.builder("in.jsonl").exportPath("o/r.csv").run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("Line 2 has a zero byte");
    Recipe.builder("in.jsonl").exportPath("o/r.jsonl").run(folder);
    assertThat(Recipe.builder("o/r.jsonl").run(folder).samples().get(1).text()).isEqualTo("a\0b");
  }

  @Test
  void rejectionsAreJsonForEveryProgram() throws IOException {
    Files.writeString(
        folder.resolve("in.jsonl"),
        "{\"text\": \"a\", \"n\": NaN, \"m\": {\"l\": [Infinity, 1]}}\n{\"text\": \"bb\"}\n");

    Recipe.builder("in.jsonl")
        .exportPath("o/r.jsonl")
        .then("text_length_filter", Map.of("min_len", 2))
        .run(folder);

    assertThat(Files.readString(folder.resolve("o/r_rejected.jsonl")))
        .contains("\"sample\":{\"text\":\"a\",\"n\":null,\"m\":{\"l\":[null,1]}}");
  }

  @Test
  void numbersKeepTheirDigits() throws IOException {
    String lines =
        """
        {"text":"a","signed":-9223372036854775808,"unsigned":18446744073709551615}
        {"text":"b","signed":9223372036854775807,"unsigned":1}
        """;
    Files.writeString(folder.resolve("in.jsonl"), lines);
    for (String ending : List.of("jsonl", "json", "parquet")) {
      Recipe.builder("in.jsonl").exportPath("o/r." + ending).run(folder);
      assertThat(Recipe.builder("o/r." + ending).exportPath("p.jsonl").run(folder).file())
          .hasContent(lines);
    }

    Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"a\",\"n\":18446744073709551616}\n");
    assertThatThrownBy(() -> Recipe.builder("in.jsonl").exportPath("o/r.parquet").run(folder))
        .hasMessageContaining("The field n has the whole number 18446744073709551616");
  }
}
