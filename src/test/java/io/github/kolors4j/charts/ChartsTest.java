package io.github.kolors4j.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ChartsTest {
  private static final double[] NONE = {};

  private final Table before =
      Table.create(
          IntColumn.create(
              "image_width", IntStream.range(0, 240).map(i -> 300 + 37 * i % 1300).toArray()),
          StringColumn.create(
              "caption", IntStream.range(0, 240).mapToObj(i -> "二次元，蓝色头发，第" + i % 5 + "张")));
  private final Table after = before.where(before.intColumn("image_width").isGreaterThan(1023));

  @Test
  void aHistogramCountsEveryValueOnceAndLeavesMissingOnesOut() {
    Table table = Table.create(DoubleColumn.create("aspect_ratio", 0.5, 1, 1, 2));
    table.doubleColumn("aspect_ratio").appendMissing();

    XYChart chart = Charts.histogram(table, "aspect_ratio");

    XYSeries bars = chart.getSeriesMap().values().iterator().next();
    double area = 0;
    for (int i = 1; i < bars.getXData().length - 1; i += 2) {
      area += bars.getYData()[i];
    }
    assertThat(area).isEqualTo(4);
    assertThat(chart.getTitle()).contains("宽高比");
  }

  @Test
  void boundsAreDrawnEvenIfNoValueReachesThem() {
    XYChart chart = Charts.histogram(before, "image_width", 1024, 4000);

    assertThat(chart.getSeriesMap().keySet())
        .anyMatch(name -> name.contains("下限 (lower bound) 1024"))
        .anyMatch(name -> name.contains("上限 (upper bound) 4000"));
    double[] bars = chart.getSeriesMap().values().iterator().next().getXData();
    assertThat(Arrays.stream(bars).max().orElseThrow()).isBetween(4000.0, 4400.0);
  }

  @Test
  void aValueFarAwayFromAllOthersIsCountedInTheLastBin() {
    Table table = Table.create(DoubleColumn.create("aspect_ratio", 0.9, 1, 1.1, 1.2, 1.3, 375));

    XYChart chart = Charts.histogram(table, "aspect_ratio", 0.5, 2);

    double[] edges = chart.getSeriesMap().values().iterator().next().getXData();
    assertThat(Arrays.stream(edges).max().orElseThrow()).isLessThan(3);
    assertThat(chart.getXAxisTitle()).contains("end bins hold 1 beyond");
  }

  @Test
  void beforeAndAfterShareTheirBins() {
    XYChart chart = Charts.compare(before, after, "image_width", 1024, Double.POSITIVE_INFINITY);

    List<XYSeries> series = List.copyOf(chart.getSeriesMap().values());
    assertThat(series).hasSize(3);
    assertThat(series.get(0).getXData()).isEqualTo(series.get(1).getXData());
    assertThat(series.get(0).getName()).isEqualTo("过滤前 (before) 240");
    assertThat(series.get(0).getXData()).as("no bin straddles the bound").contains(1024);
  }

  private static double[] edges(XYChart chart) {
    double[] x = chart.getSeriesMap().values().iterator().next().getXData();
    // The outline goes up and down at each edge; its end is moved aside a little.
    return Arrays.stream(x, 0, x.length - 1).distinct().toArray();
  }

  private static double[] widths(double[] edges) {
    return IntStream.range(1, edges.length)
        .mapToDouble(i -> Math.round(1e6 * (edges[i] - edges[i - 1])) / 1e6)
        .distinct()
        .toArray();
  }

  @Test
  void wholeNumbersHaveAsManyNumbersInEachBin() {
    Table table =
        Table.create(IntColumn.create("caption_length", IntStream.rangeClosed(17, 55).toArray()));

    assertThat(widths(edges(Charts.histogram(table, "caption_length")))).containsExactly(2);
    assertThat(edges(Charts.histogram(table, "caption_length", 20, 48))).contains(16, 20, 48);

    Table few = Table.create(IntColumn.create("num_words", 3, 4, 4, 5, 5, 6));
    assertThat(edges(Charts.histogram(few, "num_words"))).containsExactly(2.5, 3.5, 4.5, 5.5, 6.5);
  }

  @Test
  void theFirstBinIsAsWideAsTheOthersAndNoneIsBelowZero() {
    Table table =
        Table.create(
            IntColumn.create("image_width", IntStream.range(0, 249).map(i -> 1 + 10 * i).toArray()),
            DoubleColumn.create(
                "aspect_ratio", IntStream.range(0, 249).mapToDouble(i -> 0.02 + i / 90.0)));

    double[] sizes = edges(Charts.histogram(table, "image_width", 1024, 9e9));
    assertThat(sizes).startsWith(0).contains(1024);
    assertThat(widths(sizes)).containsExactly(128);
    double[] ratios = edges(Charts.histogram(table, "aspect_ratio", 0.5, 2));
    assertThat(ratios[0]).isZero();
    assertThat(widths(ratios)).hasSize(1);
  }

  @Test
  void theWordsOfCaptionsAreWords() {
    var chart = Charts.words(before, "caption", 3);

    assertThat(chart.getSeriesMap().values().iterator().next().getXData())
        .asString()
        .contains("二次元", "蓝色", "头发");
    assertThat(chart.getXAxisTitle()).isEqualTo("词 (word)");
  }

  @Test
  void theTitleSaysWhatTheAxisDoesNot() {
    XYChart one = Charts.histogram(before, "image_width");
    assertThat(one.getTitle()).isEqualTo("图片宽度的分布 (distribution of image width)");
    assertThat(one.getXAxisTitle()).isEqualTo("图片宽度 (image width)，像素 (pixels)");
    BoxChart box = Charts.boxPlot(before, "image_width");
    assertThat(box.getTitle()).isEqualTo("图片宽度的箱线图 (box plot of image width)");
    assertThat(box.getYAxisTitle()).isEqualTo("图片宽度 (image width)，像素 (pixels)");
  }

  @Test
  void everyChartDrawsWithoutAWindow() {
    double[] steps = IntStream.range(0, 50).asDoubleStream().toArray();
    List<BufferedImage> pictures =
        List.of(
            BitmapEncoder.getBufferedImage(Charts.histogram(before, "image_width")),
            BitmapEncoder.getBufferedImage(Charts.boxPlot(before, "image_width")),
            BitmapEncoder.getBufferedImage(Charts.bars("颜色", "颜色 (colour)", Map.of("蓝", 3))),
            BitmapEncoder.getBufferedImage(Charts.loss(NONE, NONE, NONE, NONE)),
            BitmapEncoder.getBufferedImage(
                Charts.loss(steps, steps, new double[] {0, 40}, new double[] {1, 2})));

    assertThat(pictures).allMatch(picture -> picture.getWidth() == 760);
  }

  @Test
  void smoothingIsTheMeanThatTheProgressShows() {
    double[] losses = IntStream.range(0, 60).asDoubleStream().toArray();
    losses[3] = Double.POSITIVE_INFINITY; // overflowed in float16

    double[] smoothed = LossChart.smoothed(losses);

    assertThat(smoothed[2]).isEqualTo(1);
    assertThat(smoothed[3]).isEqualTo(1);
    assertThat(smoothed[59]).isEqualTo((10 + 59) / 2.0);
  }

  @Test
  void aWrongColumnIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> Charts.histogram(before, "width"))
        .hasMessageContaining("no column \"width\"")
        .hasMessageContaining("image_width");
    assertThatThrownBy(() -> Charts.histogram(before, "caption")).hasMessageContaining("numeric");
    assertThatThrownBy(() -> Charts.loss(new double[2], new double[1], NONE, NONE))
        .hasMessageContaining("As many steps as losses");
  }

  @Test
  void eachLineHasAValueForEachPlaceOnTheAxis() {
    double[] x = {0, 1, 2};
    XYChart chart = Charts.lines("曲线", "x", "y", x, Map.of("one", new double[] {5, 6, 7}));

    assertThat(chart.getSeriesMap().get("one").getYData()).containsExactly(5, 6, 7);
    assertThatThrownBy(() -> Charts.lines("曲线", "x", "y", x, Map.of("one", new double[] {5})))
        .hasMessage("The line \"one\" has 1 values for 3 places on the axis.");
  }

  @Test
  void aLegendThatIsTooLongForARowStandsBesideTheChart() {
    Map<String, double[]> lines = new LinkedHashMap<>();
    for (String name : List.of("Euler", "DDIM", "DPM++ 2M", "UniPC")) {
      lines.put(name, new double[] {1, 2});
    }
    double[] x = {0, 1};
    assertThat(Charts.lines("曲线", "x", "y", x, lines).getStyler().getLegendPosition())
        .isEqualTo(Styler.LegendPosition.OutsideS);
    for (String name : List.of("DPM++ 2M Karras", "DEIS", "Euler a", "1 阶 (order 1)")) {
      lines.put(name, new double[] {1, 2});
    }
    assertThat(Charts.lines("曲线", "x", "y", x, lines).getStyler().getLegendPosition())
        .isEqualTo(Styler.LegendPosition.OutsideE);
  }
}
