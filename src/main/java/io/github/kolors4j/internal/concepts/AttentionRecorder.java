package io.github.kolors4j.internal.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.model.Attention;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the text attention of a UNet: how each place of the picture spreads its attention over
 * the tokens of the text. Until it is closed it costs a softmax a layer; nothing afterwards.
 */
public final class AttentionRecorder implements AutoCloseable {
  private static final Pattern TEXT_ATTENTION =
      Pattern.compile("(down_blocks\\.\\d+|mid_block|up_blocks\\.\\d+)\\..*\\.attn2");

  private final List<Attention> layers;

  /** The newest maps by the layers' names: a step that is computed again replaces them. */
  private final Map<String, BlockMap> newest = new TreeMap<>();

  private AttentionRecorder(Map<String, Attention> layers) {
    this.layers = List.copyOf(layers.values());
    layers.forEach(
        (name, layer) ->
            layer.setObserver((query, key, heads, bias) -> see(name, query, key, heads, bias)));
  }

  /**
   * Begins to listen.
   *
   * @param unet whose last row of a batch is heard: the one with the prompt, where guidance puts
   *     the negative text before it
   */
  public static AttentionRecorder on(UNet unet) {
    Map<String, Attention> layers = new LinkedHashMap<>();
    unet.weights()
        .layers(Attention.class)
        .forEach(
            (name, layer) -> {
              if (TEXT_ATTENTION.matcher(name).matches()) {
                layers.put(name, layer);
              }
            });
    return new AttentionRecorder(layers);
  }

  private void see(String layer, NDArray query, NDArray key, int heads, @Nullable NDArray bias) {
    try (NDManager scope = query.getManager().newSubManager()) {
      NDArray lastQuery = lastRow(query, scope);
      NDArray lastKey = lastRow(key, scope);
      NDArray lastBias = bias == null ? null : lastRow(bias, scope);
      NDArray probabilities =
          TensorOperators.attentionProbabilities(lastQuery, lastKey, heads, lastBias);
      NDArray mean = probabilities.mean(new int[] {1});
      newest.put(layer, new BlockMap((int) query.getShape().get(1), mean.toFloatArray()));
    }
  }

  private static NDArray lastRow(NDArray array, NDManager scope) {
    long last = array.getShape().get(0) - 1;
    NDArray wide = TensorOperators.float32(array);
    wide.attach(scope);
    return wide.get(last + ":" + (last + 1));
  }

  /**
   * What was heard since the last call: a map for each block that attends to the text, by its name
   * ({@code down_blocks.0}, {@code mid_block}, …), the mean of its layers.
   *
   * @param tokens how many tokens there are, all of the padding counting as one, the first
   */
  public Map<String, BlockMap> take(int tokens) {
    Map<String, List<BlockMap>> ofBlocks = new TreeMap<>();
    newest.forEach(
        (layer, map) -> ofBlocks.computeIfAbsent(block(layer), b -> new ArrayList<>()).add(map));
    newest.clear();
    Map<String, BlockMap> means = new TreeMap<>();
    ofBlocks.forEach(
        (block, maps) -> means.put(block, BlockMap.mean(maps).withPaddingAsOne(tokens)));
    return means;
  }

  private static String block(String layer) {
    Matcher matcher = TEXT_ATTENTION.matcher(layer);
    if (!matcher.matches()) {
      throw new IllegalStateException("No layer of text attention: " + layer);
    }
    return matcher.group(1);
  }

  /** Ends the listening. */
  @Override
  public void close() {
    layers.forEach(layer -> layer.setObserver(null));
  }
}
