package io.github.kolors4j.hub;

import java.time.Duration;
import java.util.Locale;

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
public record HubProgress(
    String model, String file, long bytes, long of, double bytesPerSecond, Duration timeLeft) {

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
