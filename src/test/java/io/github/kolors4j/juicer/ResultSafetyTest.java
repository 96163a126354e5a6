package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a result when a run does not end well. */
class ResultSafetyTest {
  @TempDir Path folder;

  private Path output;

  @BeforeEach
  void write() throws IOException {
    output = Files.createDirectory(folder.resolve("output"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      lines.append("{\"text\": \"line number ").append(i).append("\"}\n");
    }
    Files.writeString(folder.resolve("in.jsonl"), lines);
  }

  private Recipe recipe() {
    return Recipe.builder("in.jsonl")
        .exportPath("output/result.jsonl")
        .trace(10)
        .then("text_length_filter", Map.of("min_len", 14))
        .build();
  }

  @Test
  void aFullDiskLeavesTheOlderResultAndTheDataSetAsTheyWere() throws IOException {
    String data = Files.readString(folder.resolve("in.jsonl"));
    Files.writeString(output.resolve("result.jsonl"), "older");
    Files.writeString(output.resolve("result_stats.jsonl"), "older statistics");

    // The result fits, its statistics do not.
    long[] room = {120_000};
    assertThatThrownBy(() -> Juicer.run(recipe(), folder, file -> full(file, room)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("result_stats.jsonl cannot be written: No space left on device")
        .hasMessageContaining("The data set is as it was, and so is an earlier result");

    assertThat(folder.resolve("in.jsonl")).hasContent(data);
    assertThat(output.resolve("result.jsonl")).hasContent("older");
    assertThat(output.resolve("result_stats.jsonl")).hasContent("older statistics");
    assertThat(names()).containsExactlyInAnyOrder("result.jsonl", "result_stats.jsonl");
  }

  /** A file on a disk that has room for so many bytes more. */
  private static OutputStream full(Path file, long[] room) throws IOException {
    return new FilterOutputStream(Files.newOutputStream(file)) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        room[0] -= length;
        if (room[0] < 0) {
          throw new IOException("No space left on device");
        }
        out.write(bytes, offset, length);
      }
    };
  }

  @Test
  void whatAKilledRunLeftAsideIsTidiedUpByTheNext() throws IOException {
    Files.createDirectory(output.resolve("trace"));
    Files.writeString(output.resolve(".result.jsonl.12345.part"), "half");
    Files.writeString(output.resolve(".result_stats.jsonl.1.part"), "half");
    Files.writeString(output.resolve(".result-00-of-03.jsonl.7.part"), "half");
    Files.writeString(output.resolve("trace/.filter-text_length_filter.jsonl.7.part"), "half");
    Files.writeString(output.resolve(".other.jsonl.12345.part"), "of another recipe");
    Files.writeString(output.resolve("result.part"), "a person's");

    Juicer.run(recipe(), folder);

    assertThat(names())
        .containsExactlyInAnyOrder(
            "result.jsonl",
            "result_stats.jsonl",
            "result_rejected.jsonl",
            "trace",
            ".other.jsonl.12345.part",
            "result.part");
    assertThat(output.resolve("trace"))
        .isDirectoryNotContaining("glob:**.part")
        .isDirectoryContaining("glob:**filter-text_length_filter.jsonl");
  }

  @Test
  void allRejectionsAreWrittenWithValueAndBound() throws IOException {
    JuicerResult result = Juicer.run(recipe(), folder);

    Stream<String> lines = Files.lines(output.resolve("result_rejected.jsonl"));
    assertThat(lines.toList())
        .hasSize(result.rejected().size())
        .hasSize(10)
        .first()
        .isEqualTo(
            "{\"line\":1,\"operator\":\"text_length_filter\",\"value\":\"13\","
                + "\"bound\":\"min_len = 14\",\"reason\":\"文字长度 13 字，小于下限 min_len = 14\","
                + "\"reason_en\":\"text length 13 characters is below min_len = 14\","
                + "\"sample\":{\"text\":\"line number 0\"},\"__dj__stats__\":{\"text_len\":13}}");
  }

  @Test
  void aRunWithoutRejectionsRemovesTheOlderOnes() {
    Juicer.run(recipe(), folder);
    assertThat(output.resolve("result_rejected.jsonl")).exists();

    Recipe.builder("in.jsonl").exportPath("output/result.jsonl").run(folder);

    assertThat(output.resolve("result_rejected.jsonl")).doesNotExist();
  }

  @Test
  void aBrokenPictureStopsTheRecipeIfItIsToldSo() throws IOException {
    Files.writeString(
        folder.resolve("in.jsonl"),
        "{\"text\": \"a\", \"images\": []}\n{\"text\": \"b\", \"images\": [\"none.png\"]}\n");
    RecipeBuilder builder =
        Recipe.builder("in.jsonl").exportPath("output/result.jsonl").then("image_shape_filter");

    assertThat(builder.run(folder).rejected().size()).isEqualTo(1);
    assertThatThrownBy(() -> builder.stopOnErrors().run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("image_shape_filter stopped at line 2")
        .hasMessageContaining("skip_op_error is false")
        .hasMessageContaining("none.png");
  }

  /** Wherever a run was killed while it put its files into place, the next one makes the rest. */
  @Test
  void aRunThatWasKilledBetweenItsFilesIsFinishedByTheNext() throws IOException {
    Path result = output.resolve("result.jsonl");
    List<String> parts = List.of(".result.jsonl.1.part", ".result_stats.jsonl.2.part");
    List<String> targets = List.of("result.jsonl", "result_stats.jsonl");
    for (int done = 0; done <= targets.size(); done++) {
      Files.writeString(result, "older");
      Files.writeString(output.resolve("result_stats.jsonl"), "older statistics");
      Files.writeString(output.resolve("result_rejected.jsonl"), "older rejections");
      for (int i = 0; i < parts.size(); i++) {
        Files.writeString(output.resolve(i < done ? targets.get(i) : parts.get(i)), "newer " + i);
      }
      Files.writeString(
          output.resolve("result.jsonl.steps"),
          """
          {"moves": {".result.jsonl.1.part": "result.jsonl",
           ".result_stats.jsonl.2.part": "result_stats.jsonl"},
           "removals": ["result_rejected.jsonl"]}
          """);

      ResultFiles.finish(result);

      assertThat(names()).containsExactlyInAnyOrder("result.jsonl", "result_stats.jsonl");
      assertThat(result).hasContent("newer 0");
      assertThat(output.resolve("result_stats.jsonl")).hasContent("newer 1");
    }
  }

  @Test
  void stepsThatLeadOutOfTheFolderAreRefused() throws IOException {
    Files.writeString(
        output.resolve("result.jsonl.steps"), "{\"moves\": {}, \"removals\": [\"../in.jsonl\"]}");

    assertThatThrownBy(() -> Juicer.run(recipe(), folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("leads out of its folder");
    assertThat(folder.resolve("in.jsonl")).exists();
  }

  @Test
  void shardsAndStatisticsOfAnEarlierRunGoAndTheDataSetStays() throws IOException {
    Files.writeString(output.resolve("result-x.jsonl"), "a person's");
    RecipeBuilder shards =
        Recipe.builder("in.jsonl").exportPath("output/result.jsonl").exportShardSize(40_000);
    shards.run(folder);
    assertThat(names()).contains("result-00-of-03.jsonl").doesNotContain("result.jsonl");

    shards.exportShardSize(70_000).run(folder);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "result-x.jsonl", "result-00-of-02.jsonl", "result-01-of-02.jsonl");

    Juicer.run(recipe(), folder);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "result-x.jsonl",
            "result.jsonl",
            "result_stats.jsonl",
            "result_rejected.jsonl",
            "trace");

    shards.run(folder);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "result-x.jsonl", "result-00-of-02.jsonl", "result-01-of-02.jsonl", "trace");

    // Of a data set in shards, in the result's own folder, none goes.
    Files.delete(output.resolve("result-x.jsonl"));
    Recipe.builder("output").exportPath("output/result.jsonl").run(folder);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "result.jsonl", "result-00-of-02.jsonl", "result-01-of-02.jsonl", "trace");
  }

  private String[] names() {
    return output.toFile().list();
  }
}
