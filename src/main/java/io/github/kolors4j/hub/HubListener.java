package io.github.kolors4j.hub;

import java.time.Duration;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Hears how a download goes. One call at a time is made, though not always on the same thread. An
 * exception from one of these methods ends the download; what has arrived is kept.
 */
public interface HubListener {

  /**
   * Something that a person should know: a pause because the server is busy, another notebook that
   * downloads the same. It is logged unless this method does something else.
   */
  default void notice(String message) {
    LoggerFactory.getLogger(HubListener.class).warn(message);
  }

  /** Bytes have arrived; at most five calls a second, and one at the end of each file. */
  default void progress(Progress progress) {}

  /**
   * Where the download of a model stands.
   *
   * @param model as it was asked for, such as {@code Kolors}
   * @param file the file that bytes arrived for, as a path in the model
   * @param bytes how many bytes of the model are here, with those that were here before
   * @param of how many bytes the wanted files of the model have
   * @param bytesPerSecond mean over the last seconds; 0 before there is one
   * @param timeLeft at this speed; {@link Duration#ZERO} where no speed is known or all is here
   */
  record Progress(
      String model, String file, long bytes, long of, double bytesPerSecond, Duration timeLeft) {

    /** In steps of 1024. */
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    /** How much of the model is here, in [0, 1]. */
    public double fraction() {
      return of == 0 ? 1 : (double) bytes / of;
    }

    /** For example {@code Kolors: 1.2 GiB of 16.5 GiB (7%), 24.0 MiB/s, 10:52 left}. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s of %s (%.0f%%), %s/s, %d:%02d left",
          model,
          size(bytes),
          size(of),
          100 * fraction(),
          size((long) bytesPerSecond),
          timeLeft.toMinutes(),
          timeLeft.toSecondsPart());
    }

    /** A number of bytes for people: {@code 812 B}, {@code 1.2 GiB}. */
    static String size(long bytes) {
      double value = bytes;
      int unit = 0;
      while (value >= 1024 && unit < UNITS.length - 1) {
        value /= 1024;
        unit++;
      }
      return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
  }
}
