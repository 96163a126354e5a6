package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.kolors4j.internal.progress.Work;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static Progress after(long done, long total, Duration elapsed) {
    return new Progress("训练", done, total, "loss 0.0831", elapsed);
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
  void beforeTheFirstStepNeitherRateNorTimeLeftIsMadeUp() {
    assertThat(new Progress("x", 0, 10, "", Duration.ZERO).toString()).isEqualTo("x 0/10 (0 %)");
    assertThat(new Progress("x", 0, 10, "", Duration.ofSeconds(7)).toString())
        .isEqualTo("x 0/10 (0 %), 0:07");
  }

  @Test
  void whatIsCountedGivesTheUnit() {
    assertThat(new Progress("x", "pictures", 5, 10, 0, "", Duration.ofSeconds(1)).toString())
        .isEqualTo("x 5/10 (50 %), 5.0 pictures/s, 0:01 left");
    assertThat(new Progress("x", "captions", 5, 10, 0, "", Duration.ofSeconds(10)).toString())
        .isEqualTo("x 5/10 (50 %), 2.0 s/caption, 0:10 left");
    assertThat(new Progress("x", "batches", 5, 10, 0, "", Duration.ofSeconds(10)).toString())
        .contains("2.0 s/batch,");
  }

  @Test
  void bytesAreReadable() {
    long total = 16L << 30;
    assertThat(
            new Progress("Kolors", Work.BYTES, 1L << 30, total, 0, "", Duration.ofSeconds(64))
                .toString())
        .isEqualTo("Kolors 1.0 GiB of 16.0 GiB (6 %), 16.0 MiB/s, 16:00 left");
  }

  @Test
  void whatWasDoneBeforeDoesNotMakeItFaster() {
    assertThat(new Progress("x", "steps", 150, 200, 100, "", Duration.ofSeconds(25)).toString())
        .isEqualTo("x 150/200 (75 %), 2.0 steps/s, 0:25 left");
  }

  @Test
  void workOfUnknownLengthShowsItsTime() {
    Progress loading = new Progress("loading", "", 0, 0, 0, "", Duration.ofSeconds(12));

    assertThat(loading.toString()).isEqualTo("loading, 0:12");
    assertThat(loading.toHtml().source()).contains("width:20.0%");
    assertThat(loading.toHtmlAtEnd().source()).contains("width:100.0%", "loading, took 0:12");
  }

  @Test
  void stoppedWorkSaysSo() {
    assertThat(after(120, 400, Duration.ofSeconds(50)).toHtmlAtEnd().source())
        .contains("120/400 (30 %), loss 0.0831, stopped 已停止, 2.4 steps/s, took 0:50");
  }

  @Test
  void ninetyNineAndAHalfIsNotAllOfIt() {
    assertThat(after(398, 400, Duration.ofSeconds(1)).toString()).contains("398/400 (99 %)");
  }

  @Test
  void labelAndNoteAreEscapedInTheBarOnly() {
    var progress = new Progress("<b>", 1, 2, "<i>", Duration.ofSeconds(1));

    assertThat(progress.toHtml().source())
        .contains("&lt;b&gt; 1/2", "&lt;i&gt;", "width:50.0%")
        .doesNotContain("<b>", "<i>");
    assertThat(progress.toString()).startsWith("<b> 1/2 (50 %), <i>");
  }

  @Test
  void moreStepsThanThereAreAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> after(11, 10, Duration.ZERO))
        .withMessageContaining("11 of 10");
  }
}
