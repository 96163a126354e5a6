package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;

/**
 * {@code image_aspect_ratio_filter}: keeps samples whose pictures' width divided by height lies
 * within bounds (inclusive). A sample without pictures stays. Statistic: {@code aspect_ratios}, one
 * value a picture.
 */
final class ImageAspectRatioFilter {
  /** The name in recipes. */
  static final String NAME = "image_aspect_ratio_filter";

  private static final String STATISTIC = "aspect_ratios";
  private static final Range.Quantity QUANTITY = new Range.Quantity("宽高比", "width / height");

  private ImageAspectRatioFilter() {}

  /** From {@code min_ratio, max_ratio, any_or_all}. */
  static Filter of(Parameters parameters) {
    Range range = Range.ofDecimals(parameters, "ratio", 0.333, 3.0);
    boolean any = AnyOrAll.isAny(parameters);
    String imageKey = parameters.imageKey();
    return new PictureFilter(
        NAME, STATISTIC, range, QUANTITY, any, sample -> measure(sample, imageKey));
  }

  private static void measure(Sample sample, String imageKey) {
    JsonArray ratios = new JsonArray();
    for (PictureHeader header : sample.headers(imageKey)) {
      ratios.add(header.aspectRatio());
    }
    sample.statistics().put(STATISTIC, ratios);
  }
}
