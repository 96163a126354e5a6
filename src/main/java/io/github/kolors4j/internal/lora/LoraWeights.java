package io.github.kolors4j.internal.lora;

import io.github.kolors4j.lora.LoraException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * An adapter: for each layer that it changes, under the layer's published (diffusers) name such as
 * {@code down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q} or {@code ….to_out.0}, the two
 * matrices. Closing it frees them.
 */
public final class LoraWeights implements AutoCloseable {

  private final Map<String, LoraLayer> layers;

  /**
   * @param layers the layers by name, in the order in which they are to be written
   * @throws IllegalArgumentException if there are none
   */
  public LoraWeights(Map<String, LoraLayer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("A LoRA without layers changes nothing.");
    }
    this.layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
  }

  /** The layers by published name, in the file's order. */
  public Map<String, LoraLayer> layers() {
    return layers;
  }

  /** The rank, the largest one if layers differ. */
  public int rank() {
    return layers.values().stream().mapToInt(LoraLayer::rank).max().orElseThrow();
  }

  /** The alpha that the file states, if it states one and the same for all layers. */
  public OptionalDouble alpha() {
    OptionalDouble first = layers.values().iterator().next().alpha();
    boolean same = layers.values().stream().allMatch(layer -> layer.alpha().equals(first));
    return same ? first : OptionalDouble.empty();
  }

  /** The same matrices (not copies) with one alpha for all layers. */
  public LoraWeights withAlpha(double alpha) {
    Map<String, LoraLayer> changed = new LinkedHashMap<>();
    layers.forEach((name, layer) -> changed.put(name, layer.withAlpha(alpha)));
    return new LoraWeights(changed);
  }

  /**
   * Checks that the scale of each layer is known.
   *
   * @param what the LoRA, for messages
   * @throws LoraException if the alpha of a layer is not
   */
  public void requireAlpha(String what) {
    if (layers.values().stream().anyMatch(layer -> layer.alpha().isEmpty())) {
      throw new LoraException(
          "%s does not say its alpha: give the one to apply with Lora.of(file).alpha(…) or --lora-alpha (the course trains with 4 and loads with 2; peft keeps its own in adapter_config.json beside the matrices)."
              .formatted(what));
    }
  }

  /**
   * Checks that there is something to apply.
   *
   * @param what the LoRA, for messages
   * @throws LoraException if the alpha of a layer is not known, or it is 0 for every layer, with
   *     which nothing would change
   */
  public void requireEffect(String what) {
    requireAlpha(what);
    if (layers.values().stream().allMatch(layer -> layer.alpha().getAsDouble() == 0)) {
      throw new LoraException(
          "%s states an alpha of 0 for every layer, with which it changes nothing: give another with Lora.of(file).alpha(…) or --lora-alpha. (Kohya's own loader takes 0 for the rank, which is %d.)"
              .formatted(what, rank()));
    }
  }

  @Override
  public void close() {
    for (LoraLayer layer : layers.values()) {
      layer.down().close();
      layer.up().close();
      if (layer.magnitude() != null) {
        layer.magnitude().close();
      }
    }
  }
}
