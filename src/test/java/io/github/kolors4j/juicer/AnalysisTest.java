package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.operators.OperatorCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Against what data-juicer's own dj-analyze wrote: golden/juicer/analysis/make_analysis.py. */
class AnalysisTest {
  private static final Path DATA = Path.of("src/test/resources/juicer");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/juicer/analysis");

  @TempDir Path folder;

  @BeforeEach
  void copyTheDataSet() throws IOException {
    Files.createDirectory(folder.resolve("img"));
    try (Stream<Path> pictures = Files.list(DATA.resolve("img"))) {
      for (Path picture : pictures.toList()) {
        Files.copy(picture, folder.resolve("img").resolve(picture.getFileName().toString()));
      }
    }
    Files.copy(DATA.resolve("metadata.jsonl"), folder.resolve("metadata.jsonl"));
  }

  private Analysis analyze() {
    return Juicer.analyze(Recipe.read(GOLDEN.resolve("analyze.yaml")), folder);
  }

  private RecipeBuilder recipe() {
    return Recipe.builder("metadata.jsonl").imageKey("image").exportPath("output/result.jsonl");
  }

  /** The last digits of a mean depend on the order in which it was summed up. */
  @Test
  void theOverallTableHasTheValuesOfPandas() throws IOException {
    Analysis analysis = analyze();

    List<String> expected = Files.readAllLines(GOLDEN.resolve("overall.csv"));
    List<String> written = Files.readAllLines(analysis.write().get(0));
    assertThat(written).hasSameSizeAs(expected);
    assertThat(written.get(0)).isEqualTo(expected.get(0));
    String[] statistics = written.get(0).split(",");
    for (int row = 1; row < expected.size(); row++) {
      String[] cells = written.get(row).split(",");
      String[] expectedCells = expected.get(row).split(",");
      assertThat(cells[0]).isEqualTo(expectedCells[0]);
      for (int i = 1; i < statistics.length; i++) {
        double value = Double.parseDouble(expectedCells[i]);
        String what = statistics[i] + " " + cells[0];
        double tolerance = 1e-12 * Math.max(1, Math.abs(value));
        assertThat(Double.parseDouble(cells[i])).as(what).isCloseTo(value, within(tolerance));
        assertThat(analysis.overall().doubleColumn(statistics[i]).getDouble(row - 1))
            .as(what)
            .isEqualTo(Double.parseDouble(cells[i]));
      }
    }
  }

  @Test
  void theFilesAreThoseThatDataJuicerWrites() throws IOException {
    List<Path> files = analyze().write();

    Path output = folder.resolve("output");
    assertThat(files)
        .containsExactly(
            output.resolve("analysis/overall.csv"),
            output.resolve("analysis/overall.md"),
            output.resolve("result_stats.jsonl"));
    assertThat(files.get(1)).hasSameTextualContentAs(GOLDEN.resolve("overall.md"));
    assertThat(files.get(2)).hasSameTextualContentAs(GOLDEN.resolve("stats.jsonl"));
    assertThat(output.resolve("result.jsonl")).as("nothing is filtered").doesNotExist();
  }

  @Test
  void correlationsAreThoseOfPandas() throws IOException {
    Table correlation = analyze().correlation();

    JsonObject expected =
        JsonParser.parseString(Files.readString(GOLDEN.resolve("correlation.json")))
            .getAsJsonObject();
    assertThat(correlation.columnNames().subList(1, correlation.columnCount()))
        .containsExactlyElementsOf(expected.keySet());
    for (String statistic : expected.keySet()) {
      JsonArray column = expected.getAsJsonArray(statistic);
      for (int row = 0; row < column.size(); row++) {
        assertThat(correlation.doubleColumn(statistic).getDouble(row))
            .as(statistic + " " + row)
            .isCloseTo(column.get(row).getAsDouble(), within(1e-9));
      }
    }
  }

  @Test
  void theSamplesThatEveryFilterWouldKeepAreThoseThatARunKeeps() {
    Recipe recipe =
        recipe()
            .then("image_shape_filter", Map.of("min_width", 1024, "min_height", 1024))
            .then("text_length_filter", Map.of("min_len", 5, "max_len", 20))
            .build();

    Analysis analysis = Juicer.analyze(recipe, folder);

    JuicerResult result = Juicer.run(recipe, folder);
    int kept = result.samples().size() - result.rejected().size();
    assertThat(analysis.samples()).isEqualTo(result.samples().size());
    assertThat(analysis.kept()).isEqualTo(kept).isPositive();
    assertThat(Arrays.stream(analysis.keptValues("text_len")).boxed().toList())
        .hasSize(kept)
        .allMatch(length -> length >= 5 && length <= 20);
    assertThat(analysis.values("text_len")).hasSize(analysis.samples());
    Table table = analysis.table();
    assertThat(table.booleanColumn("kept").countTrue()).isEqualTo(kept);
    assertThat(table.columnNames())
        .containsExactly("line", "image_height", "image_width", "text_len", "kept");
  }

  @Test
  void theBoundsOfAllFiltersMeet() {
    Analysis analysis =
        Juicer.analyze(
            recipe()
                .then("image_shape_filter", Map.of("min_width", 100, "max_width", 3000))
                .then("image_shape_filter", Map.of("min_width", 50, "max_width", 2000))
                .then("text_length_filter")
                .build(),
            folder);

    assertThat(analysis.bounds("image_width")).isEqualTo(new Bounds(100, 2000));
    assertThat(analysis.bounds("text_len"))
        .as("data-juicer's default")
        .isEqualTo(new Bounds(10, Double.POSITIVE_INFINITY));
  }

  @Test
  void everyFilterThatMeasuresNumbersTellsItsBounds() {
    List<String> measuring =
        OperatorCatalog.names().stream()
            .filter(name -> name.endsWith("_filter"))
            .filter(name -> !name.startsWith("specified_") && !name.equals("suffix_filter"))
            .filter(name -> !name.contains("aesthetics")) // it needs a model
            .toList();
    RecipeBuilder all = recipe();
    measuring.forEach(all::then);

    Analysis analysis = Juicer.analyze(all.build(), folder);

    assertThat(analysis.statistics()).hasSizeGreaterThanOrEqualTo(measuring.size());
    assertThat(analysis.statistics())
        .allSatisfy(
            statistic -> assertThat(analysis.bounds(statistic).lower()).as(statistic).isFinite());
  }

  @Test
  void anUnreadablePictureIsReportedAndItsTextStillMeasured() throws IOException {
    Files.writeString(folder.resolve("img/b.jpg"), "no picture");

    Analysis analysis =
        Juicer.analyze(
            recipe().then("image_shape_filter").then("text_length_filter").build(), folder);

    assertThat(analysis.notices()).anyMatch(notice -> notice.contains("line 2"));
    assertThat(analysis.values("text_len")).hasSize(analysis.samples());
    assertThat(analysis.table().doubleColumn("image_width").isMissing().toArray()).contains(1);
    assertThat(analysis.kept()).isLessThan(analysis.samples());
    assertThat(Files.readAllLines(analysis.write().get(2)).get(1))
        .isEqualTo(
            "{\"__dj__stats__\":{\"image_height\":null,\"image_width\":null,\"text_len\":10}}");
  }

  @Test
  void whatIsNoFilterIsPassedOverAndTold() {
    assertThat(analyze().notices())
        .anyMatch(notice -> notice.contains("whitespace_normalization_mapper"))
        .anyMatch(notice -> notice.contains("document_deduplicator"));
  }

  @Test
  void anAnalysisSaysThatItDoesNotRunOnSpark() {
    Recipe recipe = recipe().spark("spark://host:7077").then("text_length_filter").build();

    assertThat(Juicer.analyze(recipe, folder).notices())
        .anyMatch(notice -> notice.contains("executor_type: spark"));
  }

  @Test
  void theWordsOfTheTextsAreCountedWithoutMarksOfPictures() {
    assertThat(analyze().words(100))
        .containsEntry("images", 2)
        .containsEntry("二次元", 1)
        .allSatisfy((word, count) -> assertThat(word).doesNotContain("dj"));
  }

  @Test
  void aPercentileIsThatOfTheTable() {
    Analysis analysis =
        Juicer.analyze(
            recipe().with("percentiles", List.of(0.05)).then("text_length_filter").build(), folder);

    Table overall = analysis.overall();
    double fifth =
        overall.where(overall.stringColumn("statistic").isEqualTo("5%")).doubleColumn(1).get(0);
    assertThat(analysis.percentile("text_len", 0.05)).isEqualTo(fifth);
    assertThat(analysis.percentile("text_len", 0))
        .isEqualTo(Arrays.stream(analysis.values("text_len")).min().getAsDouble());
    assertThatThrownBy(() -> analysis.percentile("text_len", 5)).hasMessageContaining("0.95");
  }

  @Test
  void wrongQuestionsAreAnsweredWithWhatThereIs() {
    assertThatThrownBy(() -> analyze().values("image_widht"))
        .hasMessageContaining("image_width")
        .hasMessageContaining("text_len");
    Recipe withoutFilter = recipe().then("image_deduplicator").build();
    assertThatThrownBy(() -> Juicer.analyze(withoutFilter, folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("no filter");
    Recipe percent = recipe().with("percentiles", List.of(95)).then("text_length_filter").build();
    assertThatThrownBy(() -> Juicer.analyze(percent, folder))
        .hasMessageContaining("line")
        .hasMessageContaining("0.95");
  }

  /** What pandas 2.2.3's format_percentiles and Python's repr make of these. */
  @Test
  void numbersAreWrittenAsPythonWritesThem() {
    assertThat(OverallTable.labels(new double[] {0.25, 1 / 3.0, 0.5, 0.75}))
        .containsExactly("25%", "33.3%", "50%", "75%");
    assertThat(OverallTable.labels(new double[] {0.25, 0.5, 0.75, 0.999, 0.9995}))
        .containsExactly("25%", "50%", "75%", "99.9%", "99.95%");
    assertThat(OverallTable.labels(new double[] {0, 0.5, 1})).containsExactly("0%", "50%", "100%");
    assertThat(List.of(24.0, 0.1 + 0.2, 2e-5, 1.5e16, 1e15, -0.001))
        .extracting(OverallFiles::decimal)
        .containsExactly(
            "24.0", "0.30000000000000004", "2e-05", "1.5e+16", "1000000000000000.0", "-0.001");
    assertThat(List.of(24.0, 1234567.0, 0.000012345678, 20090.5, Double.NaN))
        .extracting(OverallFiles::general)
        .containsExactly("24", "1.23457e+06", "1.23457e-05", "20090.5", "nan");
  }
}
