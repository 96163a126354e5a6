package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.training.TrainingProgress;
import java.awt.image.BufferedImage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveTrainingTest {
  private final LiveTraining live = new LiveTraining();

  private void step(long step) {
    Duration minute = Duration.ofMinutes(1);
    live.step(new TrainingProgress(step, 40, 0, 0.2, 0.125, 1e-3, 1.0, minute, minute));
  }

  private long pictures() {
    return live.content().source().split("<img ", -1).length - 1;
  }

  @Test
  void aStepShowsTheChart() {
    live.validation(0, 0.4);
    step(10);

    assertThat(pictures()).isEqualTo(1);
  }

  @Test
  void manySamplePicturesStayOneRow() {
    step(1);
    for (int step = 1; step <= 9; step++) {
      live.sample(step, new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB));
    }

    assertThat(pictures()).isEqualTo(2); // the chart, and the row
  }

  @Test
  void aNoticeIsShownAndItsTextIsNotTakenForHtml() {
    live.notice("skipped <broken>.jpg");

    assertThat(live.content().source()).contains("skipped &lt;broken&gt;.jpg");
  }
}
