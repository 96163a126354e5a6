package io.github.kolors4j.notebook;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How far a long computation has come, as a value: shown as a bar in a notebook and as one line of
 * text elsewhere.
 *
 * @param label what is being done
 * @param done steps done so far, from 0 to {@code total}
 * @param total steps in all, at least 1
 * @param loss the newest loss, where there is one
 * @param elapsed time since the first step began
 */
public record Progress(String label, long done, long total, OptionalDouble loss, Duration elapsed) {

  public Progress {
    if (total < 1 || done < 0 || done > total) {
      throw new IllegalArgumentException(
          "progress must be between 0 and the total (at least 1), but is %d of %d"
              .formatted(done, total));
    }
  }

  /** The share that is done, from 0 to 1. */
  public double fraction() {
    return (double) done / total;
  }

  /** Steps a second so far; 0 before the first step has ended. */
  public double stepsPerSecond() {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds > 0 ? done / seconds : 0;
  }

  /** The time that the remaining steps take at the rate so far; zero while none is known. */
  public Duration timeLeft() {
    double rate = stepsPerSecond();
    return rate > 0 ? Duration.ofMillis((long) ((total - done) / rate * 1000)) : Duration.ZERO;
  }

  /** The bar, in colours that suit light and dark themes. */
  public Html toHtml() {
    String bar =
        """
        <div style="max-width:640px;font-family:monospace">
        <div style="height:10px;border-radius:5px;background:rgba(128,128,128,.3)">
        <div style="height:10px;border-radius:5px;width:%.1f%%;background:%s"></div></div>
        <div>%s</div></div>"""
            .formatted(fraction() * 100, done == total ? "#2e7d32" : "#1976d2", line());
    return new Html(bar);
  }

  /** For instance {@code training 120/400 (30 %), loss 0.0831, 2.4 steps/s, 1:57 left}. */
  @Override
  public String toString() {
    return lineWith(label);
  }

  private String line() {
    return lineWith(Html.escape(label));
  }

  private String lineWith(String name) {
    var line = new StringBuilder(name);
    line.append(" %d/%d (%.0f %%)".formatted(done, total, fraction() * 100));
    loss.ifPresent(l -> line.append(String.format(Locale.ROOT, ", loss %.4f", l)));
    double rate = stepsPerSecond();
    if (rate >= 1 || rate == 0) {
      line.append(String.format(Locale.ROOT, ", %.1f steps/s", rate));
    } else {
      line.append(String.format(Locale.ROOT, ", %.1f s/step", 1 / rate));
    }
    line.append(done == total ? ", took " + clock(elapsed) : ", " + clock(timeLeft()) + " left");
    return line.toString();
  }

  private static String clock(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
