package io.github.kolors4j.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.juicer.Analysis;
import io.github.kolors4j.juicer.Juicer;
import io.github.kolors4j.juicer.Recipe;
import io.github.kolors4j.juicer.RecipeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;

class AnalysisChartsTest {
  private static final StatisticName LENGTH = StatisticName.of("text_len");

  @TempDir Path folder;
  private Analysis analysis;

  @BeforeEach
  void analyze() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      lines.add("{\"text\": \"" + "头发".repeat(i) + " word\"}");
    }
    Files.write(folder.resolve("data.jsonl"), lines);
    analysis = Juicer.analyze(recipe().build(), folder);
  }

  private static RecipeBuilder recipe() {
    return Recipe.builder("data.jsonl")
        .exportPath("output/result.jsonl")
        .then("text_length_filter", Map.of("min_len", 21, "max_len", 61))
        .then("words_num_filter", Map.of("min_num", 2))
        .then("character_repetition_filter", Map.of("max_ratio", 1.0));
  }

  @Test
  void beforeAndAfterAreDrawnWithTheRecipesBounds() {
    XYChart chart = Charts.compare(analysis, "text_len");

    assertThat(chart.getSeriesMap().keySet())
        .containsExactly(
            "过滤前 (before) 40",
            "过滤后 (after) " + analysis.kept(),
            "下限 (lower bound) 21",
            "上限 (upper bound) 61");
    assertThat(analysis.kept()).isEqualTo(21);
    assertThat(chart.getTitle()).contains("文字长度");
    assertThat(chart.getXAxisTitle()).isEqualTo("文字长度 (text length)，字符 (characters)");
    assertThat(chart.getYAxisTitle()).contains("样本数");
  }

  @Test
  void aBoundFarAwayIsToldInsteadOfSqueezingTheBars() {
    XYChart chart = Histogram.of(LENGTH, new double[] {10, 20, 30}, new Bounds(0, Math.pow(2, 40)));

    assertThat(chart.getSeriesMap().keySet())
        .anyMatch(name -> name.contains("1.10e+12") && name.contains("outside"));
    assertThat(chart.getSeriesMap().get("样本 (samples) 3").getXMax()).isLessThan(40);
  }

  @Test
  void equalValuesAreOneBarAndABoundBesideThemIsSeen() {
    XYChart chart = Histogram.of(LENGTH, new double[] {1, 1, 1}, new Bounds(2, 5));

    var bars = chart.getSeriesMap().get("样本 (samples) 3");
    assertThat(bars.getYMax()).isEqualTo(3);
    assertThat(bars.getXMax()).isGreaterThan(5);
  }

  @Test
  void aBoxOfEqualValuesWouldBeEmptyAndSaysSo() {
    assertThat(Charts.boxPlot(analysis, "num_words").getTitle()).contains("all values are 2");
    assertThat(Charts.boxPlot(analysis, "text_len").getTitle()).contains("box plot of text length");
  }

  @Test
  void boxesSideBySideShareTheAxisOfTheirUnit() {
    assertThat(Charts.boxPlot(analysis, "text_len", "num_words").getYAxisTitle())
        .isEqualTo("字符 (characters)");
  }

  @Test
  void theHeatMapHasACellForEachPairThatHasACorrelation() {
    HeatMapChart chart = Charts.correlation(analysis);

    // num_words is 2 everywhere: no correlation with anything, and an empty row and column.
    assertThat(chart.getHeatMapSeries().getHeatData()).hasSize(4);
    assertThat(chart.getHeatMapSeries().getXData())
        .isEqualTo(
            List.of(
                "重复字符比例 (share of repeated characters)",
                "词数 (number of words)",
                "文字长度 (text length)"));
    assertThat(BitmapEncoder.getBufferedImage(chart).getWidth()).isPositive();
  }

  @Test
  void charactersThatTheFontLacksAreWrittenAsNumbers() {
    assertThat(ChineseFont.writable("头发 hair")).isEqualTo("头发 hair");
    assertThat(ChineseFont.writable("頭😀")).isEqualTo("U+982DU+1F600");
  }

  @Test
  void theReportIsWrittenBesideTheExportPath() throws IOException {
    List<Path> files = AnalysisReport.write(analysis);

    Path output = folder.resolve("output");
    assertThat(files)
        .contains(
            output.resolve("result_stats.jsonl"),
            output.resolve("analysis/overall.csv"),
            output.resolve("analysis/text_len-hist.png"),
            output.resolve("analysis/text_len-box.png"),
            output.resolve("analysis/stats-corr-pearson.png"),
            output.resolve("analysis/caption-words.png"));
    try (Stream<Path> there = Files.list(analysis.folder())) {
      assertThat(there).hasSize(files.size() - 1);
    }
    assertThat(ImageIO.read(output.resolve("analysis/text_len-hist.png").toFile()).getWidth())
        .isEqualTo(ChartStyle.WIDTH);
  }

  @Test
  void oneRecipeKeyPutsAllChartsIntoOnePicture() {
    Recipe recipe = recipe().with("save_stats_in_one_file", true).build();

    AnalysisReport.write(Juicer.analyze(recipe, folder));

    assertThat(folder.resolve("output/analysis/all-stats.png")).exists();
    assertThat(folder.resolve("output/analysis/text_len-hist.png")).doesNotExist();
  }

  @Test
  void nothingToDrawIsSaid() {
    assertThatThrownBy(() -> Histogram.of(LENGTH, new double[0], Bounds.NONE))
        .hasMessageContaining("no values");
    assertThatThrownBy(() -> Charts.boxPlot(analysis)).hasMessageContaining("text_len");
    assertThatThrownBy(() -> Charts.histogram(analysis, "textlen"))
        .hasMessageContaining("text_len");
  }
}
