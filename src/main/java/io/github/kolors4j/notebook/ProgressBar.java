package io.github.kolors4j.notebook;

import java.time.Duration;
import java.util.Locale;

/**
 * A progress bar with step, loss, rate and time left, replaced in place below the cell.
 *
 * <pre>{@code
 * var bar = new ProgressBar("LoRA", 400);
 * bar.update(step, loss);                           // as often as you like
 * }</pre>
 *
 * It redraws at most four times a second, and always at the end.
 */
public final class ProgressBar {

  private static final Duration LEAST_PAUSE = Duration.ofMillis(250);

  private final String label;
  private final long total;
  private final LiveDisplay display = new LiveDisplay();
  private final long startedAt = System.nanoTime();
  private long drawnAt = startedAt - LEAST_PAUSE.toNanos();

  /**
   * @param label what is being done
   * @param total the number of steps, at least 1
   */
  public ProgressBar(String label, long total) {
    if (total < 1) {
      throw new IllegalArgumentException("A progress bar needs at least one step, not " + total);
    }
    this.label = label;
    this.total = total;
    update(0);
  }

  /** Says that so many steps, from 0 to the total, are done. */
  public void update(long done) {
    update(done, "");
  }

  /** Says that so many steps, from 0 to the total, are done, and what the newest loss is. */
  public void update(long done, double loss) {
    update(done, String.format(Locale.ROOT, "loss %.4f", loss));
  }

  private synchronized void update(long done, String note) {
    long now = System.nanoTime();
    var progress = new Progress(label, done, total, note, Duration.ofNanos(now - startedAt));
    if (done == total || now - drawnAt >= LEAST_PAUSE.toNanos()) {
      drawnAt = now;
      display.show(progress);
    }
  }
}
