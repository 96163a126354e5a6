package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.internal.progress.Work;
import java.awt.image.BufferedImage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LiveWorkTest {
  private final LiveWork live = new LiveWork(Duration.ZERO);

  @Test
  void workWithinWorkIsABarOfItsOwnBelow() {
    Work.watchedBy(
        live,
        () -> {
          try (Work training = Work.begin("训练 (training)", "steps", 40)) {
            try (Work encoding = Work.begin("编码图片 (encoding pictures)", "pictures", 12)) {
              encoding.advanceTo(3);
              assertThat(live.content().toString())
                  .containsSubsequence("(training) 0/40 (0 %)", "(encoding pictures) 3/12 (25 %)");
            }
            training.advanceTo(10, "loss 0.1250");
            assertThat(live.content().toString())
                .startsWith("训练 (training) 10/40 (25 %), loss 0.1250")
                .doesNotContain("encoding");
          }
          return null;
        });
  }

  @Test
  void workWithoutALengthGivesItsNameToTheWorkWithin() {
    Work.watchedBy(
        live,
        () -> {
          try (Work training = Work.begin("training", "steps", 40);
              Work sample = Work.begin("a sample")) {
            assertThat(live.content().toString()).isEqualTo("training 0/40 (0 %) a sample");
            try (Work picture = Work.begin("a picture");
                Work denoising = Work.begin("denoising", "steps", 4)) {
              assertThat(live.content().toString())
                  .isEqualTo("training 0/40 (0 %) a sample · denoising 0/4 (0 %)");
            }
          }
          return null;
        });
  }

  @Test
  void thePictureSoFarIsShownUnderTheBarsUntilTheWorkEnds() {
    Work.watchedBy(
        live,
        () -> {
          try (Work drawing = Work.begin("drawing", "steps", 4)) {
            drawing.show(new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB));
            assertThat(live.content())
                .isInstanceOfSatisfying(
                    Html.class,
                    html ->
                        assertThat(html.source())
                            .containsSubsequence("drawing", "256×128 picture", "image/png"));
          }
          try (Work next = Work.begin("drawing", "steps", 4)) {
            assertThat(live.content()).isNotInstanceOf(Html.class);
          }
          return null;
        });
  }

  @Test
  void theInterruptStopsWorkAndStaysSet() {
    Work.watchedBy(
        live,
        () -> {
          try (Work work = Work.begin("x", "steps", 2)) {
            assertThat(work.stopRequested()).isFalse();
            Thread.currentThread().interrupt();
            assertThat(work.stopRequested()).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(work.stopRequested()).isTrue();
          }
          return null;
        });
  }
}
