package io.github.kolors4j.training;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.Dropout;
import io.github.kolors4j.internal.lora.HyperNetworkStructure;
import io.github.kolors4j.internal.lora.HyperNetworkWeights;
import io.github.kolors4j.internal.lora.HyperNetworks;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A hypernetwork before the keys and values of the UNet's attention.
 *
 * @param widths of contexts that get one; empty for all
 */
record HyperNetworkKind(HyperNetworkStructure structure, List<Integer> widths)
    implements AdapterKind {

  HyperNetworkKind {
    widths = List.copyOf(widths);
  }

  @Override
  public boolean throughTextEncoder(TrainingOptions options) {
    return false;
  }

  /** The names are those of the Stable Diffusion web UI. */
  @Override
  public Map<String, Object> hyperparameters(Map<String, Object> options) {
    Map<String, Object> values = LoraKind.withoutItsOwn(options);
    values.put("enable_sizes", widths);
    values.put("layer_structure", structure.multiples());
    values.put("activation_func", structure.activation());
    values.put("is_layer_norm", structure.layerNorm());
    values.put("dropout_structure", structure.dropouts());
    return values;
  }

  @Override
  public long requireFit(ModelFolder model, UNetNames names, TrainingOptions options) {
    UNetConfig unet = UNetConfig.read(model.unetConfigFolder());
    Set<Integer> known = new TreeSet<>(Set.of(unet.crossAttentionDim()));
    int[] channels = unet.blockOutChannels();
    known.add(channels[channels.length - 1]); // of the middle block
    for (int level = 0; level < channels.length; level++) {
      if (unet.attention()[level]) {
        known.add(channels[level]);
      }
    }
    if (!known.containsAll(widths)) {
      throw new TrainingException(
          "The hypernetwork is to have the sizes %s, but this UNet attends to vectors of %s numbers: choose from these."
              .formatted(widths, known));
    }
    return HyperNetworkWeights.size(structure, widths.isEmpty() ? known : new TreeSet<>(widths));
  }

  @Override
  public String ending() {
    return ".pt";
  }

  @Override
  public TrainedHyperNetwork make(
      AdaptedNetworks networks, PreparedTraining prepared, TorchRandom random, NDManager manager) {
    HyperNetworks place = HyperNetworks.on(networks.unet());
    Set<Integer> chosen = widths.isEmpty() ? place.widths() : new TreeSet<>(widths);
    HyperNetworkWeights weights = HyperNetworkWeights.normal(structure, chosen, random, manager);
    return new TrainedHyperNetwork(weights, place, new Dropout());
  }
}
