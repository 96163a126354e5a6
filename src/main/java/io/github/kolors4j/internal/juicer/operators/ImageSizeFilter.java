package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code image_size_filter}: keeps samples whose picture files have a size within bounds
 * (inclusive). A sample without pictures stays. Statistic: {@code image_sizes}, in bytes, one value
 * a picture; the files are not opened.
 */
final class ImageSizeFilter {
  /** The name in recipes. */
  static final String NAME = "image_size_filter";

  private static final String STATISTIC = "image_sizes";
  private static final String UNITS = "kmgtpezy";
  private static final Range.Quantity QUANTITY =
      new Range.Quantity("文件大小", "file size", "字节", "bytes");

  private ImageSizeFilter() {}

  /** From {@code min_size, max_size} (such as {@code 10 KB}), {@code any_or_all, image_key}. */
  static Filter of(Parameters parameters) {
    double min = bytes(parameters, "min_size", "0");
    Range range = new Range("size", min, bytes(parameters, "max_size", "1TB"));
    boolean any = AnyOrAll.isAny(parameters);
    String imageKey = parameters.imageKey();
    return new PictureFilter(
        NAME, STATISTIC, range, QUANTITY, any, sample -> measure(sample, imageKey));
  }

  private static void measure(Sample sample, String imageKey) {
    JsonArray sizes = new JsonArray();
    for (Path picture : sample.pictures(imageKey)) {
      try {
        sizes.add(Files.size(picture));
      } catch (IOException e) {
        throw new PictureException(picture, "no such file can be read", e);
      }
    }
    sample.statistics().putIfAbsent(STATISTIC, sizes);
  }

  /**
   * Data-juicer's reading of a size: units are powers of 1024 whatever their spelling, and anything
   * but letters and digits is skipped, so that {@code 1.5kb} would be fifteen. That is a trap, and
   * refused here.
   */
  private static double bytes(Parameters parameters, String name, String defaultValue) {
    String size = parameters.text(name, defaultValue);
    String digits = size.replaceAll("\\D", "");
    String unit = size.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
    boolean known = unit.isEmpty() || power > 0 && unit.substring(1).matches("i?b");
    if (digits.isEmpty() || !known || !size.matches("[\\d\\s]*[A-Za-z]*\\s*")) {
      throw parameters.error(
          name, "is \"" + size + "\"; write a whole number and a unit, such as \"200 KB\".");
    }
    return new BigInteger(digits).shiftLeft(10 * power).doubleValue();
  }
}
