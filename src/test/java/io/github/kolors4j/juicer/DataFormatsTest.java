package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.juicer.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFormatsTest {
  @TempDir Path folder;

  @Test
  void aJsonListIsReadAndWritten() throws IOException {
    Files.writeString(
        folder.resolve("in.json"), "\ufeff[{\"text\": \"a\", \"n\": 1},\n {\"text\": \"b/c\"}]");

    JuicerResult result = Recipe.builder("in.json").exportPath("out.json").run(folder);

    assertThat(result.file())
        .hasContent("[{\"text\":\"a\",\"n\":1.0},{\"text\":\"b\\/c\",\"n\":null}]");
  }

  @Test
  void objectsOneAfterTheOtherAreReadAsJsonToo() throws IOException {
    Files.writeString(folder.resolve("in.json"), "{\"text\": \"a\"}\n{\"text\":\n \"b\"}\n");

    assertThat(texts(Recipe.builder("in.json").run(folder))).containsExactly("a", "b");
  }

  @Test
  void csvColumnsHaveTheirKindsAndEmptyCellsAreNull() throws IOException {
    Files.writeString(
        folder.resolve("in.csv"),
        "\ufefftext,whole,number,flag,word\r\n"
            + "\"a, \"\"quoted\"\"\r\nline\",1,1.5,True,1x\r\n"
            + " b ,2,,False,\r\n"
            + ",3,4,True,z\r\n");

    JuicerResult result = Recipe.builder("in.csv").exportPath("out.jsonl").run(folder);

    assertThat(result.file())
        .hasContent(
            """
            {"text":"a, \\"quoted\\"\\r\\nline","whole":1,"number":1.5,"flag":true,"word":"1x"}
            {"text":" b ","whole":2,"number":null,"flag":false,"word":null}
            """);
    assertThat(result.rejected().all())
        .singleElement()
        .extracting(Rejection::operator)
        .isEqualTo("text_keys");
  }

  @Test
  void whatPandasTakesForMissingIsMissing() throws IOException {
    Files.writeString(folder.resolve("in.csv"), "text,n\nNA,1\nnull,2\na,3\nb,\n");

    JuicerResult result = Recipe.builder("in.csv").exportPath("out.jsonl").run(folder);

    assertThat(result.file()).hasContent("{\"text\":\"a\",\"n\":3.0}\n{\"text\":\"b\",\"n\":null}");
  }

  @Test
  void aFolderOfPicturesTakesItsCaptionsFromTheTextFilesBeside() throws IOException {
    Files.copy(Path.of("src/test/resources/juicer/img/g.png"), folder.resolve("b.png"));
    Files.copy(Path.of("src/test/resources/juicer/img/s.png"), folder.resolve("a.PNG"));
    Files.writeString(folder.resolve("b.txt"), "\ufeff 灰色的图 \n");

    JuicerResult result =
        Recipe.builder(".")
            .exportPath("out/metadata.csv")
            .imageKey("image")
            .then("image_shape_filter", Map.of("min_width", 2))
            .run(folder);

    assertThat(texts(result)).containsExactly("", "灰色的图");
    assertThat(Files.readString(result.file()))
        .isEqualTo("\ufefffile_name,text\n" + folder.toAbsolutePath().resolve("b.png") + ",灰色的图\n");
  }

  @Test
  void anImageFolderWithMetadataGivesItsPicturesAndCaptions() throws IOException {
    Path train = Files.createDirectories(folder.resolve("set/train"));
    Files.copy(Path.of("src/test/resources/juicer/img/g.png"), train.resolve("0.png"));
    Files.writeString(
        train.resolve("metadata.csv"), "\ufefffile_name,text\n0.png,\"灰色, 图\"\nx/1.png,missing\n");

    JuicerResult result =
        Recipe.builder("set")
            .exportPath("out/result.jsonl")
            .then("image_shape_filter", Map.of("min_width", 2))
            .run(folder);

    String picture = train.toAbsolutePath().resolve("0.png").toString().replace("/", "\\/");
    assertThat(result.file())
        .hasContent(
            "{\"file_name\":\"0.png\",\"text\":\"灰色, 图\",\"images\":[\"" + picture + "\"]}");
    assertThat(result.rejected().all().get(0).reason().english()).contains("1.png there is no");

    Files.delete(train.resolve("metadata.csv"));
    Files.writeString(
        train.resolve("metadata.jsonl"), "{\"file_name\": \"0.png\", \"text\": \"a\"}\n");
    assertThat(Recipe.builder("set/train/metadata.jsonl").run(folder).kept().get(0).file())
        .isEqualTo(train.toAbsolutePath().resolve("0.png"));
  }

  @Test
  void anImageFoldersPicturesMayNotLieOutside() throws IOException {
    Files.writeString(
        folder.resolve("metadata.jsonl"), "{\"file_name\": \"../0.png\", \"text\": \"a\"}\n");

    assertThatThrownBy(() -> Recipe.builder("metadata.jsonl").run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("leads out of the folder");
  }

  /** {@code make_parquet.py} beside the files says how they were made. */
  @Test
  void aParquetFileIsReadAsDataJuicerReadsIt() throws IOException {
    Path golden = Path.of("src/test/resources/juicer/parquet");
    Files.copy(golden.resolve("rows.parquet"), folder.resolve("rows.parquet"));

    JuicerResult result = Juicer.run(golden.resolve("recipe.yaml"), folder);

    String prefix = folder.toAbsolutePath().toString().replace("/", "\\/") + "\\/";
    assertThat(Files.readString(result.file()).replace(prefix, "").replace("\\/", "/"))
        .isEqualTo(Files.readString(golden.resolve("expected.jsonl")));
  }

  @Test
  void aParquetFileThatWasWrittenReadsAsTheSameSamples() throws IOException {
    Files.writeString(
        folder.resolve("in.jsonl"),
        """
{"text": "一/a", "n": 1, "x": 1.5, "ok": true, "none": null, "l": [[1], []], "s": {"a": {}, "b": ["x", null]}}
{"text": "b", "n": null, "x": 2, "ok": null, "none": null, "l": null, "s": null}
""");
    Path lines = Recipe.builder("in.jsonl").exportPath("a/r.jsonl").run(folder).file();

    Recipe.builder("in.jsonl").exportPath("b/r.parquet").run(folder);
    Path back = Recipe.builder("b").exportPath("c/r.jsonl").run(folder).file();

    // The format knows no structs without fields.
    assertThat(back).hasContent(Files.readString(lines).replace("\"a\":{},", ""));
  }

  @Test
  void aDamagedParquetFileIsNamed() throws IOException {
    Files.writeString(folder.resolve("in.parquet"), "PAR1 and nothing that belongs there PAR1");

    assertThatThrownBy(() -> Recipe.builder("in.parquet").run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("in.parquet is not a parquet file, or is damaged");
  }

  @Test
  void wholePicturesInAParquetFileAreRefusedWithTheRemedy() throws IOException {
    Files.copy(
        Path.of("src/test/resources/dataset/pictures.parquet"), folder.resolve("in.parquet"));

    assertThatThrownBy(() -> Recipe.builder("in.parquet").run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("whole pictures")
        .hasMessageContaining("CaptionedImages.load");
  }

  @Test
  void aFolderOfFilesIsReadAsOneSetAndFilteredByTheirEndings() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"lines\"}\n");
    Files.writeString(folder.resolve("b.json"), "[{\"text\": \"list\"}]");

    JuicerResult result =
        Recipe.builder(".")
            .exportPath("out/result.jsonl")
            .then("suffix_filter", Map.of("suffixes", ".json"))
            .run(folder);

    assertThat(result.file()).hasContent("{\"text\":\"list\",\"__dj__suffix__\":\".json\"}");
  }

  @Test
  void aFolderWithNothingToReadIsRefused() {
    assertThatThrownBy(() -> Recipe.builder(".").run(folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("no .jsonl, .json, .csv, .tsv or .parquet file")
        .hasMessageContaining("no pictures");
  }

  @Test
  void statisticsAndHashesAreKeptInTheResultIfWished() throws IOException {
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"hello\"}\n{\"text\": \"hello\"}\n");

    JuicerResult result =
        Recipe.builder("in.jsonl")
            .exportPath("out.jsonl")
            .keepStatistics()
            .keepHashes()
            .then("text_length_filter", Map.of("min_len", 1))
            .then("document_deduplicator")
            .run(folder);

    assertThat(result.file())
        .hasContent(
            "{\"text\":\"hello\",\"__dj__stats__\":{\"text_len\":5},"
                + "\"__dj__hash\":\"5d41402abc4b2a76b9719d911017c592\"}");
    assertThat(result.rejected().all().get(0).reason().english()).isEqualTo("repeats line 1");

    JuicerResult hashedFirst =
        Recipe.builder("in.jsonl")
            .exportPath("out.jsonl")
            .keepStatistics()
            .keepHashes()
            .then("document_deduplicator")
            .then("text_length_filter", Map.of("min_len", 1))
            .run(folder);
    assertThat(hashedFirst.file())
        .hasContent(
            "{\"text\":\"hello\",\"__dj__hash\":\"5d41402abc4b2a76b9719d911017c592\","
                + "\"__dj__stats__\":{\"text_len\":5}}");
  }

  @Test
  void aResultInShardsIsNumberedAndComplete() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      lines.append("{\"text\":\"number ").append(i).append("\"}\n");
    }
    Files.writeString(folder.resolve("in.jsonl"), lines);

    Recipe.builder("in.jsonl").exportPath("out/r.jsonl").exportShardSize(45).run(folder);

    assertThat(folder.resolve("out").toFile().list())
        .containsExactlyInAnyOrder(
            "r-00-of-05.jsonl",
            "r-01-of-05.jsonl",
            "r-02-of-05.jsonl",
            "r-03-of-05.jsonl",
            "r-04-of-05.jsonl");
    assertThat(folder.resolve("out/r-04-of-05.jsonl"))
        .hasContent("{\"text\":\"number 8\"}\n{\"text\":\"number 9\"}");
  }

  /** {@code ../parquet/make_parquet.py} says how data-juicer made the expected files. */
  @Test
  void theTracerWritesWhatDataJuicersDoes() throws IOException {
    Path golden = Path.of("src/test/resources/juicer/trace");
    Files.copy(golden.resolve("in.jsonl"), folder.resolve("in.jsonl"));

    Juicer.run(golden.resolve("recipe.yaml"), folder);

    Path trace = folder.resolve("output/trace");
    for (String name :
        List.of(
            "mapper-clean_email_mapper.jsonl",
            "filter-text_length_filter.jsonl",
            "duplicate-document_deduplicator.jsonl",
            "filter-specified_field_filter.jsonl")) {
      // Data-juicer writes pairs of duplicates in the order of a set, in another one each time.
      List<String> expected = Files.readAllLines(golden.resolve("expected").resolve(name));
      assertThat(Files.readString(trace.resolve(name)).replace("\\/", "/").lines())
          .as(name)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void onlyTheOperatorsThatAreNamedAreTraced() throws IOException {
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"bb\"}\n");

    Recipe.builder("in.jsonl")
        .exportPath("out/r.jsonl")
        .trace(10)
        .traceOnly("document_deduplicator", "specified_field_filter")
        .then("text_length_filter", Map.of("min_len", 2))
        .then("document_deduplicator")
        .then("specified_field_filter", Map.of("field_key", "text", "target_value", List.of("x")))
        .run(folder);

    assertThat(folder.resolve("out/trace").toFile().list())
        .containsExactly("filter-specified_field_filter.jsonl");
  }

  private static List<String> texts(JuicerResult result) {
    return result.samples().stream().map(Sample::text).toList();
  }
}
