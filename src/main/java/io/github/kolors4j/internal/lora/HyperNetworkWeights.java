package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A hypernetwork: for each width of what attention attends to, a small network before {@code to_k}
 * and another before {@code to_v}.
 *
 * @param structure of all small networks
 * @param pairs by the context's width
 */
public record HyperNetworkWeights(HyperNetworkStructure structure, Map<Integer, Pair> pairs) {

  /** The networks before keys and values. */
  record Pair(HyperNetworkModule keys, HyperNetworkModule values) {}

  /** A new one, which changes hardly anything yet. */
  public static HyperNetworkWeights normal(
      HyperNetworkStructure structure, Set<Integer> widths, TorchRandom random, NDManager manager) {
    Map<Integer, Pair> pairs = new LinkedHashMap<>();
    for (int width : widths) {
      pairs.put(
          width,
          new Pair(
              HyperNetworkModule.normal(structure, width, random, manager),
              HyperNetworkModule.normal(structure, width, random, manager)));
    }
    return new HyperNetworkWeights(structure, pairs);
  }

  /** The widths of context that it changes. */
  public Set<Integer> widths() {
    return pairs.keySet();
  }

  /** How many numbers one of a structure has. */
  public static long size(HyperNetworkStructure structure, Set<Integer> widths) {
    return widths.stream()
        .mapToLong(
            width ->
                2
                    * HyperNetworkModule.shapes(structure, width).values().stream()
                        .mapToLong(shape -> shape.size())
                        .sum())
        .sum();
  }

  /** All weights by name, such as {@code 768.0.linear.0.weight}: live, not copies. */
  public Map<String, NDArray> parameters() {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    pairs.forEach(
        (width, pair) -> {
          pair.keys().weights().forEach((name, x) -> parameters.put(width + ".0." + name, x));
          pair.values().weights().forEach((name, x) -> parameters.put(width + ".1." + name, x));
        });
    return parameters;
  }

  /** The same with other arrays, under the names of {@link #parameters()}. */
  public HyperNetworkWeights with(Map<String, NDArray> values) {
    Map<Integer, Pair> others = new LinkedHashMap<>();
    pairs.forEach(
        (width, pair) ->
            others.put(
                width,
                new Pair(
                    pair.keys().with(name -> width + ".0." + name, values),
                    pair.values().with(name -> width + ".1." + name, values))));
    return new HyperNetworkWeights(structure, others);
  }

  Pair pair(int width) {
    return Objects.requireNonNull(pairs.get(width));
  }
}
