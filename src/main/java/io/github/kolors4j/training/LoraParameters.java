package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.lora.LoraFormat;
import io.github.kolors4j.lora.LoraLayer;
import io.github.kolors4j.lora.LoraWeights;
import io.github.kolors4j.lora.UNetNames;
import io.github.kolors4j.model.Linear;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.tensor.TorchRandom;
import io.github.kolors4j.weights.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The matrices that a LoRA training starts from, and their names as parameters. */
final class LoraParameters {
  private LoraParameters() {}

  /**
   * A new adapter, as peft's {@code init_lora_weights="gaussian"} makes it: the down matrices drawn
   * from a normal distribution of standard deviation 1 / rank, the up matrices zero, so that
   * nothing changes at first.
   *
   * @param targets ends of layer names, such as {@code to_q} or {@code to_out}
   * @throws TrainingException if one of the targets is no layer's name
   */
  static LoraWeights gaussian(
      UNet unet,
      UNetNames names,
      List<String> targets,
      int rank,
      double alpha,
      TorchRandom random,
      NDManager manager) {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    for (Map.Entry<String, Linear> entry : targeted(unet, names, targets).entrySet()) {
      Shape weight = entry.getValue().weight().getShape();
      Shape down = new Shape(rank, weight.get(1));
      float[] values = random.randn(down.getShape());
      for (int i = 0; i < values.length; i++) {
        values[i] /= rank;
      }
      layers.put(
          entry.getKey(),
          new LoraLayer(manager.create(values, down), manager.zeros(new Shape(weight.get(0), rank)))
              .withAlpha(alpha));
    }
    return new LoraWeights(layers);
  }

  /** The linear layers whose name, published or DiffSynth-Studio's, ends in one of the targets. */
  private static Map<String, Linear> targeted(UNet unet, UNetNames names, List<String> targets) {
    Map<String, Linear> found = new LinkedHashMap<>();
    Set<String> unmatched = new TreeSet<>(targets);
    unet.linearLayers()
        .forEach(
            (name, layer) -> {
              String original = names.inFormat(name, LoraFormat.DIFFSYNTH);
              for (String target : targets) {
                if (endsIn(name, target) || endsIn(original, target)) {
                  found.put(name, layer);
                  unmatched.remove(target);
                }
              }
            });
    if (!unmatched.isEmpty()) {
      String wrong = unmatched.iterator().next();
      throw new TrainingException(
          "No linear layer of this UNet is called '%s'; the nearest name is '%s'. LoRA is usually put on to_q, to_k, to_v and to_out."
              .formatted(wrong, NearestName.of(wrong, endings(unet))));
    }
    return found;
  }

  private static boolean endsIn(String name, String target) {
    return name.equals(target) || name.endsWith("." + target);
  }

  private static Set<String> endings(UNet unet) {
    Set<String> endings = new TreeSet<>();
    for (String name : unet.linearLayers().keySet()) {
      List<String> parts = new ArrayList<>(List.of(name.split("\\.")));
      String last = parts.remove(parts.size() - 1);
      endings.add(last.matches("\\d+") ? parts.get(parts.size() - 1) + "." + last : last);
    }
    return endings;
  }

  /** The matrices by peft's parameter names, as an optimiser takes them: live, not copies. */
  static Map<String, NDArray> parameters(LoraWeights weights) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    weights
        .layers()
        .forEach(
            (name, layer) -> {
              parameters.put(name + ".lora_A", layer.down());
              parameters.put(name + ".lora_B", layer.up());
            });
    return parameters;
  }
}
