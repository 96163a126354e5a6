package io.github.kolors4j.training;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.Linear;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The networks that learn: the UNet, and the text encoder if it learns, too. */
final class AdaptedNetworks {
  private static final String NAME = "training";

  private final UNet unet;
  private final Optional<ChatGlm> textEncoder;
  private final LoraAdapters onUnet;
  private final Optional<LoraAdapters> onTextEncoder;
  private @Nullable TrainedAdapters attached;

  /**
   * @param textEncoder nothing if it does not learn
   */
  AdaptedNetworks(UNet unet, Optional<ChatGlm> textEncoder) {
    this.unet = unet;
    this.textEncoder = textEncoder;
    onUnet = LoraAdapters.on(unet);
    onTextEncoder = textEncoder.map(LoraAdapters::on);
  }

  UNet unet() {
    return unet;
  }

  /**
   * Makes adapters that change nothing yet.
   *
   * @throws TrainingException if a target of the options is no layer
   */
  TrainedAdapters newAdapters(
      LoraParameters.Kind kind,
      List<String> unetTargets,
      List<String> textEncoderTargets,
      UNetNames names,
      TorchRandom random,
      NDManager manager) {
    LoraWeights onUnet =
        LoraParameters.gaussian(
            kind.asInTheCourse() ? inOrder(unet.linearLayers(), names) : unet.linearLayers(),
            name -> names.inFormat(name, LoraFormat.DIFFSYNTH),
            unetTargets,
            kind,
            random,
            manager);
    LoraWeights onText =
        textEncoder
            .map(
                encoder ->
                    LoraParameters.gaussian(
                        encoder.linearLayers(),
                        name -> name,
                        textEncoderTargets,
                        kind,
                        random,
                        manager))
            .orElse(null);
    return new TrainedAdapters(onUnet, onText);
  }

  /** DiffSynth-Studio's UNet has its layers in the order in which they run. */
  private static Map<String, Linear> inOrder(Map<String, Linear> layers, UNetNames names) {
    Map<String, Linear> ordered = new LinkedHashMap<>();
    for (String name : names.layers()) {
      if (layers.containsKey(name)) {
        ordered.put(name, layers.get(name));
      }
    }
    return ordered;
  }

  /** Puts adapters onto the networks, in place of those that are there. */
  void attach(TrainedAdapters adapters) {
    if (adapters == attached) {
      return;
    }
    if (attached != null) {
      onUnet.detach(NAME);
      onTextEncoder.ifPresent(text -> text.detach(NAME));
    }
    onUnet.attach(NAME, adapters.unet(), 1);
    LoraWeights onText = adapters.textEncoder();
    if (onText != null) {
      onTextEncoder.ifPresent(text -> text.attach(NAME, onText, 1));
    }
    attached = adapters;
  }
}
