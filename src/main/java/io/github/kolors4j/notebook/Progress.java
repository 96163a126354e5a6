package io.github.kolors4j.notebook;

import io.github.kolors4j.internal.progress.Work;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a long computation has come, as a value: shown as a bar in a notebook and as one line of
 * text elsewhere.
 *
 * @param label what is being done
 * @param unit what is counted, in the plural, such as {@code steps}; {@value Work#BYTES} are shown
 *     in KiB, MiB and GiB
 * @param done how many are done, from 0 to {@code total}
 * @param total how many in all; 0 if that is not known
 * @param before how many of those done were done before {@code elapsed} began
 * @param note something to show beside it, such as the loss; may be empty
 * @param elapsed time since the first one began
 */
record Progress(
    String label, String unit, long done, long total, long before, String note, Duration elapsed) {
  private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  public Progress {
    if (total < 0 || done < 0 || done > total && total > 0 || before < 0) {
      throw new IllegalArgumentException(
          "progress must be between 0 and the total, but is %d of %d".formatted(done, total));
    }
  }

  /** Of steps that begin with the first. */
  public Progress(String label, long done, long total, String note, Duration elapsed) {
    this(label, "steps", done, total, 0, note, elapsed);
  }

  /** Where a piece of work stands now. */
  static Progress of(Work work) {
    long total = work.total();
    long done = total == 0 ? work.done() : Math.min(work.done(), total);
    return new Progress(
        work.name(), work.unit(), done, total, work.before(), work.note(), work.elapsed());
  }

  /** The same with something before its label. */
  Progress within(String outer) {
    return new Progress(outer + label, unit, done, total, before, note, elapsed);
  }

  /** Whether all is done; false where nobody knows how much there is. */
  public boolean finished() {
    return total > 0 && done == total;
  }

  /** The share that is done, from 0 to 1; 0 where nobody knows how much there is. */
  public double fraction() {
    return total == 0 ? 0 : (double) done / total;
  }

  /** How many a second so far; 0 before the first is done. */
  public double rate() {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds > 0 ? Math.max(0, done - before) / seconds : 0;
  }

  /** The time that the rest takes at the rate so far; zero while none is known. */
  public Duration timeLeft() {
    double rate = rate();
    return rate > 0 ? Duration.ofMillis((long) ((total - done) / rate * 1000)) : Duration.ZERO;
  }

  /** The bar, in colours that suit light and dark themes. */
  public Html toHtml() {
    return bar(finished() ? "#2e7d32" : "#1976d2", lineWith(Html.escape(label), Html.escape(note)));
  }

  /** The bar of work that is over, whether it was done to its end or not. */
  Html toHtmlAtEnd() {
    boolean stopped = total > 0 && !finished();
    return bar(stopped ? "#ef6c00" : "#2e7d32", atEnd(Html.escape(label), Html.escape(note)));
  }

  private Html bar(String colour, String line) {
    // Of unknown length, a piece of the bar wanders.
    double width = total > 0 ? fraction() * 100 : 20;
    double left = total > 0 ? 0 : elapsed.toMillis() / 50 % 80;
    if (colour.equals("#2e7d32")) {
      width = 100;
      left = 0;
    }
    return new Html(
        """
        <div style="max-width:640px;font-family:monospace">
        <div style="height:10px;border-radius:5px;background:rgba(128,128,128,.3)">
        <div style="height:10px;border-radius:5px;margin-left:%.1f%%;width:%.1f%%;background:%s"></div></div>
        <div>%s</div></div>"""
            .formatted(left, width, colour, line));
  }

  /** For instance {@code training 120/400 (30 %), loss 0.0831, 2.4 steps/s, 1:57 left}. */
  @Override
  public String toString() {
    return lineWith(label, note);
  }

  private String lineWith(String name, String beside) {
    if (finished()) {
      return atEnd(name, beside);
    }
    double rate = rate();
    if (total == 0 || rate == 0) {
      String clock = elapsed.toSeconds() > 0 ? ", " + clock(elapsed) : "";
      return counted(name, beside) + clock;
    }
    return counted(name, beside) + ", " + rateText(rate) + ", " + clock(timeLeft()) + " left";
  }

  private String atEnd(String name, String beside) {
    double rate = rate();
    String stopped = total > 0 && !finished() ? ", stopped 已停止" : "";
    String fast = rate > 0 && total > 0 ? ", " + rateText(rate) : "";
    return counted(name, beside) + stopped + fast + ", took " + clock(elapsed);
  }

  private String counted(String name, String beside) {
    StringBuilder line = new StringBuilder(name);
    if (total > 0) {
      String of = unit.equals(Work.BYTES) ? size(done) + " of " + size(total) : done + "/" + total;
      line.append(String.format(Locale.ROOT, " %s (%.0f %%)", of, Math.floor(fraction() * 100)));
    } else if (done > 0) {
      line.append(' ').append(unit.equals(Work.BYTES) ? size(done) : done + " " + unit);
    }
    return beside.isEmpty() ? line.toString() : line.append(", ").append(beside).toString();
  }

  private String rateText(double rate) {
    if (unit.equals(Work.BYTES)) {
      return size((long) rate) + "/s";
    }
    if (rate >= 1) {
      return String.format(Locale.ROOT, "%.1f %s/s", rate, unit);
    }
    return String.format(Locale.ROOT, "%.1f s/%s", 1 / rate, one());
  }

  /** The unit in the singular. */
  private String one() {
    int ending = unit.endsWith("ches") ? 2 : unit.endsWith("s") ? 1 : 0;
    return unit.substring(0, unit.length() - ending);
  }

  private static String size(long bytes) {
    double value = bytes;
    int power = 0;
    while (value >= 1024 && power < BINARY_UNITS.length - 1) {
      value /= 1024;
      power++;
    }
    return String.format(
        Locale.ROOT, power == 0 ? "%.0f %s" : "%.1f %s", value, BINARY_UNITS[power]);
  }

  private static String clock(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
