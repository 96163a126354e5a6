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
 * {@code image_aspect_ratio_filter}: keeps samples whose pictures' width divided by height lies
 * within bounds (inclusive). A sample without pictures stays. Statistic: {@code aspect_ratios}, one
 * value a picture.
 */
final class ImageAspectRatioFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "image_aspect_ratio_filter";

  private final double minRatio;
  private final double maxRatio;
  private final boolean any;
  private final String imageKey;

  /** From {@code min_ratio, max_ratio, any_or_all}. */
  ImageAspectRatioFilter(Parameters parameters) {
    minRatio = parameters.decimal("min_ratio", 0.333);
    maxRatio = parameters.decimal("max_ratio", 3.0);
    any = parameters.choice("any_or_all", "any", List.of("any", "all")).equals("any");
    imageKey = parameters.imageKey();
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of("aspect_ratios", Bounds.of(minRatio, maxRatio));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    JsonArray ratios = new JsonArray();
    for (PictureHeader header : sample.headers(imageKey)) {
      ratios.add(header.aspectRatio());
    }
    sample.statistics().put("aspect_ratios", ratios);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    List<Reason> reasons = new ArrayList<>();
    for (PictureHeader header : sample.headers(imageKey)) {
      Bound.check("min_ratio", minRatio, "max_ratio", maxRatio, header.aspectRatio())
          .map(
              broken ->
                  broken.reason(Bound.text(header.aspectRatio()), "宽高比", "width / height", "", ""))
          .ifPresent(reasons::add);
    }
    return AnyOrAll.of(any, reasons, sample.headers(imageKey).size());
  }
}
