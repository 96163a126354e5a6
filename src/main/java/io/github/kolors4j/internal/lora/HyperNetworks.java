package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.model.Attention;
import io.github.kolors4j.internal.model.ContextChange;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.lora.LoraException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hypernetworks of one UNet, each working on what the ones before it made. Their weights stay
 * the caller's and must live as long as they are attached. A UNet takes one such object.
 */
public final class HyperNetworks {
  private record Attached(HyperNetworkWeights weights, double strength, Dropout dropout) {}

  /** One pair before one attention layer. */
  private record Change(HyperNetworkWeights.Pair pair, double strength, Dropout dropout, long layer)
      implements ContextChange {
    @Override
    public NDArray forKeys(NDArray context) {
      return pair.keys().forward(context, strength, dropout, 2 * layer);
    }

    @Override
    public NDArray forValues(NDArray context) {
      return pair.values().forward(context, strength, dropout, 2 * layer + 1);
    }
  }

  private final List<Attention> layers;
  private final Map<String, Attached> attached = new LinkedHashMap<>();

  private HyperNetworks(List<Attention> layers) {
    this.layers = layers;
  }

  /** The hypernetworks of a UNet, none at first. */
  public static HyperNetworks on(UNet unet) {
    return new HyperNetworks(List.copyOf(unet.weights().layers(Attention.class).values()));
  }

  /** The widths of what the UNet's attention layers attend to, from small to large. */
  public Set<Integer> widths() {
    Set<Integer> widths = new TreeSet<>();
    layers.forEach(layer -> widths.add(layer.contextChannels()));
    return widths;
  }

  /**
   * Adds a hypernetwork.
   *
   * @param name any name, by which it is taken off later
   * @param strength 1 for the full effect, 0 for none
   * @param dropout off but in training
   * @throws LoraException if the name is taken, or no layer has one of its widths
   */
  public void attach(String name, HyperNetworkWeights weights, double strength, Dropout dropout) {
    if (attached.containsKey(name)) {
      throw new LoraException("A hypernetwork '%s' is attached already.".formatted(name));
    }
    if (widths().stream().noneMatch(weights.widths()::contains)) {
      throw new LoraException(
          "The hypernetwork '%s' is for contexts of width %s, but this UNet's are %s: it is for another model."
              .formatted(name, weights.widths(), widths()));
    }
    attached.put(name, new Attached(weights, strength, dropout));
    apply();
  }

  /** Takes a hypernetwork off, if it is there. Its weights stay open. */
  public void detach(String name) {
    if (attached.remove(name) != null) {
      apply();
    }
  }

  private void apply() {
    for (int i = 0; i < layers.size(); i++) {
      Attention layer = layers.get(i);
      List<ContextChange> changes = new ArrayList<>();
      for (Attached one : attached.values()) {
        if (one.weights().widths().contains(layer.contextChannels()) && one.strength() != 0) {
          HyperNetworkWeights.Pair pair = one.weights().pair(layer.contextChannels());
          changes.add(new Change(pair, one.strength(), one.dropout(), i));
        }
      }
      layer.setContextChanges(changes);
    }
  }
}
