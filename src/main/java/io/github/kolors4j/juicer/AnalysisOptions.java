package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.YamlValue;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a recipe says about its analysis.
 *
 * @param percentiles the shares, from 0 to 1 and ascending, whose values are told: {@code
 *     percentiles} and always 0.25, 0.5 and 0.75
 * @param inOneFile {@code save_stats_in_one_file}: all charts in one picture
 */
record AnalysisOptions(double[] percentiles, boolean inOneFile) {

  static AnalysisOptions of(Recipe recipe) {
    Map<String, YamlValue> keys = YamlValue.parse("the recipe", recipe.yaml()).mapping("A recipe");
    TreeSet<Double> percentiles = new TreeSet<>(java.util.List.of(0.25, 0.5, 0.75));
    YamlValue wanted = keys.get("percentiles");
    if (wanted != null && !wanted.isNull()) {
      for (YamlValue item : wanted.list("percentiles")) {
        double percentile = item.decimal("percentiles");
        if (!(percentile >= 0 && percentile <= 1)) {
          throw item.error("percentiles are from 0 to 1 (0.95 for 95 %), not " + percentile + ".");
        }
        percentiles.add(percentile);
      }
    }
    YamlValue inOneFile = keys.get("save_stats_in_one_file");
    return new AnalysisOptions(
        percentiles.stream().mapToDouble(Double::doubleValue).toArray(),
        inOneFile != null && !inOneFile.isNull() && inOneFile.isTrue("save_stats_in_one_file"));
  }
}
