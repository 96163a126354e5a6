package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static Progress after(long done, long total, Duration elapsed) {
    return new Progress("训练", done, total, OptionalDouble.of(0.08312), elapsed);
  }

  @Test
  void theLineSaysStepLossRateAndTimeLeft() {
    assertThat(after(120, 400, Duration.ofSeconds(50)).toString())
        .isEqualTo("训练 120/400 (30 %), loss 0.0831, 2.4 steps/s, 1:56 left");
  }

  @Test
  void aSlowRateIsGivenInSecondsAStep() {
    assertThat(after(10, 20, Duration.ofMinutes(90)).toString())
        .contains("540.0 s/step", "1:30:00 left");
  }

  @Test
  void theEndSaysHowLongItTook() {
    assertThat(after(400, 400, Duration.ofSeconds(61)).toString()).endsWith("took 1:01");
  }

  @Test
  void nothingIsDividedByZeroBeforeTheFirstStep() {
    var start = new Progress("x", 0, 10, OptionalDouble.empty(), Duration.ZERO);

    assertThat(start.timeLeft()).isZero();
    assertThat(start.toString()).isEqualTo("x 0/10 (0 %), 0.0 steps/s, 0:00 left");
  }

  @Test
  void theLabelIsEscapedInTheBar() {
    var progress =
        new Progress("<b>", 1, 2, OptionalDouble.empty(), Duration.ofSeconds(1)).toHtml();

    assertThat(progress.source()).contains("&lt;b&gt; 1/2", "width:50.0%").doesNotContain("<b>");
  }

  @Test
  void moreStepsThanThereAreAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> after(11, 10, Duration.ZERO))
        .withMessageContaining("11 of 10");
  }
}
