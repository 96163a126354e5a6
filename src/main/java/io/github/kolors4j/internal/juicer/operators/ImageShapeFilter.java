package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code image_shape_filter}: keeps samples whose pictures' width and height lie within bounds
 * (inclusive, in pixels). A sample without pictures stays. Statistics: {@code image_width}, {@code
 * image_height}, one value a picture.
 */
final class ImageShapeFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "image_shape_filter";

  private static final Range.Quantity WIDTH = new Range.Quantity("宽", "width", "像素", "pixels");
  private static final Range.Quantity HEIGHT = new Range.Quantity("高", "height", "像素", "pixels");

  private final Range widths;
  private final Range heights;
  private final boolean any;
  private final String imageKey;

  /** From {@code min_width, max_width, min_height, max_height, any_or_all}. */
  ImageShapeFilter(Parameters parameters) {
    widths = Range.ofIntegers(parameters, "width", 1, Long.MAX_VALUE);
    heights = Range.ofIntegers(parameters, "height", 1, Long.MAX_VALUE);
    any = AnyOrAll.isAny(parameters);
    imageKey = parameters.imageKey();
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of("image_width", widths.bounds(), "image_height", heights.bounds());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    JsonArray widths = new JsonArray();
    JsonArray heights = new JsonArray();
    for (PictureHeader header : sample.headers(imageKey)) {
      widths.add(header.width());
      heights.add(header.height());
    }
    sample.statistics().put("image_width", widths);
    sample.statistics().put("image_height", heights);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    List<Reason> reasons = new ArrayList<>();
    for (PictureHeader header : sample.headers(imageKey)) {
      check(header).ifPresent(reasons::add);
    }
    return AnyOrAll.of(any, reasons, sample.headers(imageKey).size());
  }

  private Optional<Reason> check(PictureHeader header) {
    String size = header.width() + "×" + header.height();
    return widths
        .check(header.width(), size, WIDTH)
        .or(() -> heights.check(header.height(), size, HEIGHT));
  }
}
