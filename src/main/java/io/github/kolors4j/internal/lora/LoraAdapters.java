package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.model.AdaptableLayer;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.LowRankUpdate;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import io.github.kolors4j.lora.LoraException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one UNet or text encoder: any number at once, each with its own weight, beside
 * the network's weights or merged into them.
 *
 * <pre>{@code
 * LoraAdapters adapters = LoraAdapters.on(unet);
 * adapters.attach("anime", LoraFile.read(path, manager, names).withAlpha(2), 1.0);
 * adapters.setWeight("anime", 0.5);
 * adapters.detach("anime");
 * }</pre>
 *
 * <p>Each adapter adds {@code scale · weight · up · down} to a layer's weight, whose scale is alpha
 * / rank (peft {@code tuners/lora/layer.py}). Adapters are applied in the order in which they were
 * attached. The matrices stay the caller's and must live as long as they are attached. A network
 * takes one such object; a second one would replace the first one's adapters. Not safe to use from
 * several threads.
 */
public final class LoraAdapters {

  /** What the four attention projections are called at the end of their published names. */
  public static final List<String> ATTENTION_PROJECTIONS =
      List.of("to_q", "to_k", "to_v", "to_out.0");

  private record Adapter(LoraWeights weights, double weight, @Nullable NDArray strength) {}

  private final String network;
  private final Map<String, AdaptableLayer> layers;
  private final Set<String> allNames;
  private final boolean writable;
  private final Map<String, Adapter> adapters = new LinkedHashMap<>();

  /** What merged layers' weights were before, by layer. */
  private final Map<String, NDArray> originals = new LinkedHashMap<>();

  private boolean merged;

  private LoraAdapters(String network, Weights weights) {
    this.network = network;
    layers = weights.layers(AdaptableLayer.class);
    allNames = weights.tensors().keySet();
    writable = weights.writable();
  }

  /** The adapters of a UNet, none at first. */
  public static LoraAdapters on(UNet unet) {
    return new LoraAdapters("UNet", unet.weights());
  }

  /** The adapters of a text encoder, none at first. */
  public static LoraAdapters on(ChatGlm textEncoder) {
    return new LoraAdapters("text encoder", textEncoder.weights());
  }

  /**
   * Adds an adapter to the network.
   *
   * @param name any name, by which it is referred to later
   * @param weights its matrices under published layer names, each with its alpha
   * @param weight 1 for the full effect, 0 for none
   * @throws LoraException if the name is taken, alpha is not known, or a matrix fits no layer
   */
  public void attach(String name, LoraWeights weights, double weight) {
    attach(name, weights, weight, null);
  }

  /**
   * {@link #attach(String, LoraWeights, double)}, of a plain LoRA that is trained at several
   * strengths.
   *
   * @param strength (): a further factor, whose value may change; null for none. It is 1 outside of
   *     training steps, and no part of what {@link #merge} merges
   */
  public void attach(String name, LoraWeights weights, double weight, @Nullable NDArray strength) {
    if (adapters.containsKey(name)) {
      throw new LoraException(
          "An adapter '%s' is attached already: detach it first, or choose another name."
              .formatted(name));
    }
    Adapter adapter = new Adapter(weights, requireFinite(weight), strength);
    weights.layers().forEach((key, layer) -> requireFit(name, key, layer));
    weights.requireAlpha("The LoRA '" + name + "'"); // before anything has changed
    adapters.put(name, adapter);
    apply(weights.layers().keySet());
  }

  /**
   * Changes how much of an adapter is added.
   *
   * @param weight 1 for the full effect, 0 for none
   * @throws LoraException if no adapter has this name
   */
  public void setWeight(String name, double weight) {
    Adapter adapter = known(name);
    adapters.put(name, new Adapter(adapter.weights(), requireFinite(weight), adapter.strength()));
    apply(adapter.weights().layers().keySet());
  }

  /**
   * Takes an adapter off the network. Its matrices stay open.
   *
   * @throws LoraException if no adapter has this name
   */
  public void detach(String name) {
    Adapter adapter = known(name);
    adapters.remove(name);
    apply(adapter.weights().layers().keySet());
  }

  /** The names of the adapters, in the order in which they were attached. */
  public List<String> names() {
    return List.copyOf(adapters.keySet());
  }

  /** Whether the adapters are part of the network's weights at the moment. */
  public boolean merged() {
    return merged;
  }

  /**
   * Adds the adapters to the network's weights, which makes it as fast as without any. A copy of
   * each changed weight is kept for {@link #unmerge()}. Adapters that are attached, changed or
   * detached from here on are merged too. Does nothing if they are merged already.
   *
   * @throws LoraException if the network's weights stay in their file, where they cannot be changed
   */
  public void merge() {
    if (merged()) {
      return;
    }
    if (!writable) {
      throw new LoraException(
          "This UNet's weights are read from disk as they are needed, and cannot be changed: load it into memory to merge adapters into it, for example with unet(\"fp16\").");
    }
    merged = true;
    apply(changedLayers());
  }

  /**
   * Takes the adapters out of the weights, which are restored bit for bit, and adds them beside the
   * weights again. Does nothing if they are not merged.
   */
  public void unmerge() {
    if (!merged()) {
      return;
    }
    List.copyOf(originals.keySet()).forEach(this::restore);
    merged = false;
    apply(changedLayers());
  }

  /**
   * Merges the adapters as long as the copies that {@link #merge} keeps are small, else adds them
   * beside the weights: in a small network the calls for the adapters' matrices cost more than
   * their arithmetic, in a large one the copies would cost more than they save.
   *
   * @param copiedBytes the most that all copies may take
   */
  public void mergeUpTo(long copiedBytes) {
    long bytes =
        changedLayers().stream()
            .mapToLong(key -> Float.BYTES * known(key, layers.get(key)).weightShape().size())
            .sum();
    if (writable && bytes > 0 && bytes <= copiedBytes) {
      merge();
    } else {
      unmerge();
    }
  }

  private Set<String> changedLayers() {
    Map<String, AdaptableLayer> changed = new LinkedHashMap<>(layers);
    changed
        .keySet()
        .removeIf(
            key ->
                adapters.values().stream().noneMatch(a -> a.weights().layers().containsKey(key)));
    return changed.keySet();
  }

  /** Brings layers in line with the adapters. */
  private void apply(Set<String> keys) {
    for (String key : keys) {
      List<LowRankUpdate> updates = new ArrayList<>();
      for (Adapter adapter : adapters.values()) {
        LoraLayer layer = adapter.weights().layers().get(key);
        if (layer != null && adapter.weight() != 0) {
          updates.add(
              new LowRankUpdate(
                  layer.down(),
                  layer.up(),
                  layer.scale() * adapter.weight(),
                  layer.magnitude(),
                  adapter.strength()));
        }
      }
      AdaptableLayer layer = known(key, layers.get(key));
      if (merged()) {
        restore(key);
        merge(key, layer, updates);
        layer.setUpdates(List.of());
      } else {
        layer.setUpdates(updates);
      }
    }
  }

  private void merge(String key, AdaptableLayer layer, List<LowRankUpdate> updates) {
    if (updates.isEmpty()) {
      return;
    }
    NDArray weight = layer.weight();
    originals.put(key, weight.duplicate());
    try (NDManager scope = weight.getManager().newSubManager();
        Gradients off = Gradients.disable()) {
      for (LowRankUpdate update : updates) {
        NDArray sum =
            TensorOperators.mergeLowRank(
                weight, update.down(), update.up(), update.magnitude(), update.scale());
        sum.attach(scope);
        NDArray typed = TensorOperators.sameType(sum, weight);
        typed.attach(scope);
        TensorOperators.copy(typed, weight);
      }
    }
  }

  private void restore(String key) {
    NDArray original = originals.remove(key);
    if (original != null) {
      TensorOperators.copy(original, known(key, layers.get(key)).weight());
      original.close();
    }
  }

  /** Every layer of an adapter was found when it was attached. */
  private static AdaptableLayer known(String key, @Nullable AdaptableLayer layer) {
    return Objects.requireNonNull(layer, key);
  }

  private Adapter known(String name) {
    Adapter adapter = adapters.get(name);
    if (adapter == null) {
      throw new LoraException(
          adapters.isEmpty()
              ? "There is no adapter '%s': none is attached.".formatted(name)
              : "There is no adapter '%s'; attached are %s.".formatted(name, adapters.keySet()));
    }
    return adapter;
  }

  private void requireFit(String adapter, String key, LoraLayer matrices) {
    AdaptableLayer layer = layers.get(key);
    if (layer == null) {
      String nearest = NearestName.of(key, layers.keySet());
      throw new LoraException(
          (allNames.contains(key + ".weight")
                  ? "Adapter '%1$s': '%2$s' is no linear layer and no convolution, and adapters can be attached to these only; the nearest is '%3$s'."
                  : "Adapter '%1$s': this %4$s has no layer '%2$s'; the nearest is '%3$s'. The adapter may be for another model.")
              .formatted(adapter, key, nearest, network));
    }
    Shape weight = layer.weightShape();
    if (!matrices.fits(weight)) {
      throw new LoraException(
          "Adapter '%s': '%s' has down %s and up %s, but the layer's weight is %s: down must be (rank, %d, …) with the same kernel and up (%d, rank, …). The adapter is for another model."
              .formatted(
                  adapter,
                  key,
                  matrices.down().getShape(),
                  matrices.up().getShape(),
                  weight,
                  weight.get(1),
                  weight.get(0)));
    }
    if (matrices.magnitude() != null) {
      layer.weight(); // which DoRA computes with, and few bits do not give
    }
  }

  private static double requireFinite(double weight) {
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "An adapter's weight is a number, usually from 0 to 1, not " + weight + ".");
    }
    return weight;
  }
}
