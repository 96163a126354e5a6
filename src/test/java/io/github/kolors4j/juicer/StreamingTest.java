package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.kolors4j.internal.juicer.Sample;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples on their way: how many are held, and how often a picture is read. */
class StreamingTest {
  @TempDir Path folder;

  /** 1,800 samples of 10 kB are more than wait in memory. */
  @Test
  void samplesThatAreTooManyForTheMemoryLeaveTheSameResult() throws IOException {
    List<String> expected = new ArrayList<>();
    try (var out = Files.newBufferedWriter(folder.resolve("in.jsonl"))) {
      for (int i = 0; i < 1800; i++) {
        // Every fourth repeats the one before, and white space is normalized.
        int number = i % 4 == 3 ? i - 1 : i;
        String text = ("样本 sample " + number + "。").repeat(500);
        out.write("{\"text\":\"" + text.replace(" ", "\u3000") + "\",\"n\":" + i + "}\n");
        if (i % 4 != 3 && i >= 600) {
          expected.add(i + " " + text);
        }
      }
    }

    JuicerResult result =
        Recipe.builder("in.jsonl")
            .exportPath("out/result.jsonl")
            .np(4)
            .then("whitespace_normalization_mapper")
            .then("document_deduplicator")
            .then("topk_specified_field_selector", Map.of("field_key", "n", "topk", 1200))
            .then("specified_numeric_field_filter", Map.of("field_key", "n", "min_value", 600))
            .run(folder);

    List<String> kept = new ArrayList<>();
    for (String line : Files.readAllLines(result.file())) {
      var object = JsonParser.parseString(line).getAsJsonObject();
      kept.add(0, object.get("n").getAsInt() + " " + object.get("text").getAsString());
    }
    assertThat(kept).isEqualTo(expected);
    assertThat(result.size()).isEqualTo(1800);
    assertThat(result.keptSize()).isEqualTo(expected.size());
    assertThat(result.steps())
        .extracting(
            JuicerResult.Step::operator, JuicerResult.Step::received, JuicerResult.Step::kept)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("whitespace_normalization_mapper", 1800, 1800),
            org.assertj.core.groups.Tuple.tuple("document_deduplicator", 1800, 1350),
            org.assertj.core.groups.Tuple.tuple("topk_specified_field_selector", 1350, 1200),
            org.assertj.core.groups.Tuple.tuple("specified_numeric_field_filter", 1200, 900));
    assertThat(result.rejected().stream().filter(r -> r.operator().startsWith("document")))
        .hasSize(450)
        .first()
        .satisfies(r -> assertThat(r.sample().line()).isEqualTo(4))
        .satisfies(r -> assertThat(r.reason().english()).isEqualTo("repeats line 3"));
  }

  /** A thousand lines are written alike, also if they are too large to be in memory together. */
  @Test
  void largeSamplesAreWrittenAsSmallOnes() throws IOException {
    for (int length : new int[] {10, 12_000}) {
      try (var out = Files.newBufferedWriter(folder.resolve("in.jsonl"))) {
        for (int i = 0; i < 1100; i++) {
          String number = i == 999 ? "null" : String.valueOf(i);
          out.write("{\"text\":\"" + "x".repeat(length) + "\",\"n\":" + number + "}\n");
        }
      }

      List<String> lines =
          Files.readAllLines(
              Recipe.builder("in.jsonl").exportPath("out/r.jsonl").run(folder).file());

      assertThat(lines).hasSize(1100);
      assertThat(lines.get(0)).endsWith("\"n\":0.0}");
      assertThat(lines.get(999)).endsWith("\"n\":null}");
      assertThat(lines.get(1000)).endsWith("\"n\":1000}");
    }
  }

  @Test
  void whatIsRememberedOfALargeDataSetIsBoundedButCountsAreExact() throws IOException {
    try (var out = Files.newBufferedWriter(folder.resolve("in.jsonl"))) {
      for (int i = 0; i < 15_000; i++) {
        out.write("{\"text\":\"" + "x".repeat(i % 3) + "\",\"images\":[\"" + i + ".png\"]}\n");
      }
    }

    JuicerResult result =
        Recipe.builder("in.jsonl")
            .exportPath("out/result.jsonl")
            .then("text_length_filter", Map.of("min_len", 1))
            .run(folder);

    assertThat(result.size()).isEqualTo(15_000);
    assertThat(result.samples()).hasSize(10_000);
    assertThat(result.rejected().size()).isEqualTo(5000);
    assertThat(result.rejected().stream().count()).isEqualTo(5000);
    assertThat(result.kept().size()).isEqualTo(10_000);
    assertThat(result.summary().intColumn("received").get(0)).isEqualTo(15_000);
    assertThat(result.toString()).contains("15000 samples, 10000 kept, 5000 rejected");
    assertThat(result.rejected().gallery(3).size()).isEqualTo(3);
  }

  @Test
  void columnsAreThoseOfAllSamplesInTheOrderOfTheirAppearance() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String more = i == 150 ? ",\"late\":{\"b\":1.5}" : i == 170 ? ",\"late\":{\"a\":2}" : "";
      lines.append("{\"text\":\"t\",\"n\":").append(i).append(more).append("}\n");
    }
    Files.writeString(folder.resolve("in.jsonl"), lines);

    JuicerResult result =
        Recipe.builder("in.jsonl")
            .exportPath("out/result.jsonl")
            .then("specified_field_filter", Map.of("field_key", "n", "target_value", List.of(0)))
            .run(folder);

    assertThat(result.file()).hasContent("{\"text\":\"t\",\"n\":0,\"late\":null}");
  }

  @Test
  void sizesAndFormatsComeFromTheHeadersAlone() throws IOException {
    // A picture with a header and an end, and no pixels at all.
    Files.write(folder.resolve("hollow.png"), hollowPng(2000, 1500));
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"a\",\"images\":[\"hollow.png\"]}\n");

    RecipeBuilder recipe =
        Recipe.builder("in.jsonl")
            .exportPath("out/result.jsonl")
            .then("image_shape_filter", Map.of("min_width", 2000, "min_height", 1500))
            .then("image_aspect_ratio_filter")
            .then("image_size_filter");
    assertThat(recipe.run(folder).keptSize()).isEqualTo(1);

    // An operator that needs pixels does notice.
    assertThat(recipe.then("image_deduplicator").run(folder).keptSize()).isZero();
  }

  @Test
  void pixelsAreDecodedOnceForOperatorsInARow() {
    Path picture = Path.of("src/test/resources/juicer/img/g.png").toAbsolutePath();
    Sample sample = new Sample(0, 1, new com.google.gson.JsonObject(), "text", "images");

    BufferedImage first = sample.pixels(picture);
    assertThat(sample.pixels(picture)).isSameAs(first);
    sample.releasePixels();
    assertThat(sample.pixels(picture)).isNotSameAs(first);
  }

  private static byte[] hollowPng(int width, int height) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    chunk(png, "IHDR", header.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    DataOutputStream out = new DataOutputStream(png);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) checksum.getValue());
  }
}
