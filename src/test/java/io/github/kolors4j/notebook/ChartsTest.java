package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ChartsTest {
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

  @Test
  void theWordsOfCaptionsAreCountedBetweenPunctuation() {
    var chart = Charts.bars(before, "caption", 2);

    assertThat(chart.getSeriesMap().values().iterator().next().getXData())
        .asString()
        .contains("二次元", "蓝色头发")
        .doesNotContain("张");
  }

  @Test
  void everyChartDrawsWithoutAWindow() {
    double[] steps = IntStream.range(0, 50).asDoubleStream().toArray();
    List<BufferedImage> pictures =
        List.of(
            BitmapEncoder.getBufferedImage(Charts.histogram(before, "image_width")),
            BitmapEncoder.getBufferedImage(Charts.boxPlot(before, "image_width")),
            BitmapEncoder.getBufferedImage(Charts.bars("颜色", Map.of("蓝", 3))),
            BitmapEncoder.getBufferedImage(Charts.loss(new double[0], new double[0])),
            BitmapEncoder.getBufferedImage(
                Charts.loss(steps, steps, new double[] {0, 40}, new double[] {1, 2})));

    assertThat(pictures).allMatch(picture -> picture.getWidth() == 760);
  }

  @Test
  void smoothingKeepsAConstantConstant() {
    assertThat(Charts.smoothed(new double[] {2, 2, 2, 2})).containsExactly(2, 2, 2, 2);
  }

  @Test
  void aWrongColumnIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> Charts.histogram(before, "width"))
        .hasMessageContaining("no column \"width\"")
        .hasMessageContaining("image_width");
    assertThatThrownBy(() -> Charts.histogram(before, "caption")).hasMessageContaining("numeric");
    assertThatThrownBy(() -> Charts.loss(new double[2], new double[1]))
        .hasMessageContaining("As many steps as losses");
  }
}
