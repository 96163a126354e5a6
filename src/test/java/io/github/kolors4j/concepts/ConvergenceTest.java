package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ConvergenceTest {
  private static final int[] STEPS = {5, 10, 20, 40};

  @Test
  void theOrderIsHowSteeplyTheErrorsFall() {
    Convergence cubic = Convergence.measure("cubic", STEPS, n -> 7 * Math.pow(n, -3));
    assertThat(cubic.order()).isCloseTo(3, within(1e-9));
    assertThat(cubic.order(10, 20)).isCloseTo(3, within(1e-9));
    assertThat(cubic.order(10, 19)).isNaN();
  }

  @Test
  void aFloorFlattensIt() {
    Convergence curve = Convergence.measure("floor", STEPS, n -> Math.max(0.01, 1.0 / n));
    assertThat(curve.order(5, 40)).isCloseTo(1, within(1e-9));
    Convergence flat = Convergence.measure("flat", STEPS, n -> Math.max(0.1, 1.0 / n));
    assertThat(flat.order(10, 40)).isCloseTo(0, within(1e-9));
  }

  @Test
  void aTableAndAChartShowAllSamplers() {
    List<Convergence> curves =
        List.of(
            Convergence.measure("first", STEPS, n -> 1.0 / n),
            Convergence.measure("second", STEPS, n -> 1.0 / n / n));
    Table table = Convergence.table(curves, 10);
    assertThat(table.rowCount()).isEqualTo(2);
    assertThat(table.numberColumn(table.columnCount() - 1).asDoubleArray()).containsExactly(1, 2);
    assertThat(Convergence.chart("title", curves).getSeriesMap().keySet())
        .contains("first", "second")
        .hasSize(4);
    List<Convergence> mixed =
        List.of(curves.get(0), Convergence.measure("other", new int[] {1}, n -> 1));
    assertThatThrownBy(() -> Convergence.chart("title", mixed))
        .hasMessageContaining("same numbers");
  }
}
