package io.github.kolors4j.internal.concepts;

import java.util.List;

/**
 * How the places of a feature map attend to tokens, a mean over heads.
 *
 * @param places height times width of the feature map
 * @param values (places, tokens) in row-major order; each row sums to 1
 */
public record BlockMap(int places, float[] values) {

  /** How many tokens there are. */
  public int tokens() {
    return values.length / places;
  }

  /** The mean of maps of the same size. */
  public static BlockMap mean(List<BlockMap> maps) {
    float[] mean = new float[maps.get(0).values.length];
    for (BlockMap map : maps) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += map.values[i] / maps.size();
      }
    }
    return new BlockMap(maps.get(0).places, mean);
  }

  /**
   * With what goes to the padding in front, however often it was given, as one token.
   *
   * @param count how many tokens there are then
   */
  public BlockMap withPaddingAsOne(int count) {
    int padding = tokens() - count + 1; // 0 if the text fills the row
    float[] kept = new float[places * count];
    for (int place = 0; place < places; place++) {
      for (int i = 0; i < tokens(); i++) {
        kept[place * count + Math.max(0, i - padding + 1)] += values[place * tokens() + i];
      }
    }
    return new BlockMap(places, kept);
  }

  /** Without the first tokens, whose share goes to the others in proportion. */
  public BlockMap without(int first) {
    float[] rest = values.clone();
    for (int place = 0; place < places; place++) {
      double sum = 0;
      for (int i = first; i < tokens(); i++) {
        sum += values[place * tokens() + i];
      }
      for (int i = 0; i < tokens(); i++) {
        int at = place * tokens() + i;
        rest[at] = i < first ? 0 : (float) (values[at] / sum);
      }
    }
    return new BlockMap(places, rest);
  }
}
