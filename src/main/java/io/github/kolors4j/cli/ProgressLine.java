package io.github.kolors4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How far a command has come, the same for all: a bar in one line that is written over where
 * someone watches, and a plain line now and then where it goes into a file.
 */
final class ProgressLine implements AutoCloseable {
  private static final int WIDTH = 20;

  /** Columns of a terminal that the line fits into. */
  private static final int LONGEST = 79;

  private static final long PAUSE = 100_000_000;

  /** In a file: what is done in less is not worth a line. */
  static final long PAUSE_IN_FILE = 10_000_000_000L;

  private static final String CLEAR = "\r\033[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final long pause;
  private String what = "";
  private long last;
  private boolean shown;
  private boolean finished;

  /** {@code terminal} is whether someone watches, {@code pause} the time between lines if not. */
  ProgressLine(PrintWriter out, boolean terminal, long pause) {
    this.out = out;
    this.terminal = terminal;
    this.pause = terminal ? PAUSE : pause;
    this.last = System.nanoTime() - (terminal ? PAUSE : 0);
  }

  /** For the error stream of a command, which is apart from its results. */
  static ProgressLine of(CommandSpec spec) {
    return new ProgressLine(spec.commandLine().getErr(), isTerminal(), PAUSE_IN_FILE);
  }

  /** Whether the error stream goes to a terminal that can write over a line. */
  private static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null; // no Linux
    }
  }

  /**
   * Tells how far it is, as often as one likes.
   *
   * @param now what is being done
   * @param share how much of it is done, from 0 to 1
   * @param details numbers, time left
   */
  synchronized void update(String now, double share, String details) {
    long time = System.nanoTime();
    boolean isNew = terminal && !now.equals(what);
    boolean isDone = share >= 1 && !finished && shown && now.equals(what);
    if (!isNew && !isDone && time - last < pause) {
      return;
    }
    what = now;
    last = time;
    finished = share >= 1;
    String line = text(now, Math.max(0, Math.min(1, share)), details);
    if (terminal) {
      out.print(CLEAR + cut(line));
    } else {
      out.println(line);
    }
    shown = true;
    out.flush();
  }

  private static String text(String what, double share, String details) {
    int done = (int) (share * WIDTH);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f %%  %s%s",
        "#".repeat(done),
        "-".repeat(WIDTH - done),
        Math.floor(share * 100),
        what,
        details.isEmpty() ? "" : "  " + details);
  }

  /**
   * What fits into a line of a terminal; one that goes on in the next could not be written over.
   */
  private static String cut(String line) {
    int columns = 0;
    for (int i = 0; i < line.length(); i++) {
      columns += line.charAt(i) >= 0x1100 ? 2 : 1; // Chinese is twice as wide
      if (columns > LONGEST) {
        return line.substring(0, i) + "…";
      }
    }
    return line;
  }

  /** Prints a line that stays. */
  synchronized void say(String line) {
    out.println((terminal && shown ? CLEAR : "") + line);
    out.flush();
  }

  /** Time as {@code 2:05}. */
  static String time(Duration duration) {
    return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    if (terminal && shown) {
      out.print(CLEAR);
      out.flush();
    }
    shown = false;
  }
}
