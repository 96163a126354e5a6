package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.AdaptableLayer;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** LoRA: matrices beside the layers of the UNet, and of the text encoder if that learns, too. */
final class LoraKind implements AdapterKind {

  /** Options that other kinds of adapters do not have. */
  private static final List<String> OPTIONS =
      List.of(
          LORA_RANK.name(),
          LORA_ALPHA.name(),
          LORA_TARGET_MODULES.name(),
          LORA_ALPHA_MIN.name(),
          USE_DORA.name(),
          TRAIN_TEXT_ENCODER.name(),
          TEXT_ENCODER_TARGET_MODULES.name());

  /** A copy of all options without those that only LoRAs have, for another kind to add its own. */
  static Map<String, Object> withoutItsOwn(Map<String, Object> options) {
    Map<String, Object> others = new LinkedHashMap<>(options);
    OPTIONS.forEach(others::remove);
    return others;
  }

  @Override
  public boolean throughTextEncoder(TrainingOptions options) {
    return options.get(TRAIN_TEXT_ENCODER);
  }

  @Override
  public Map<String, Object> hyperparameters(Map<String, Object> options) {
    return options;
  }

  @Override
  public String ending() {
    return ".ckpt";
  }

  @Override
  public long requireFit(ModelFolder model, UNetNames names, TrainingOptions options) {
    requireStrengths(options);
    long parameters =
        parameters(
            TrainingChecks.adaptableLayers(model.unet()),
            name -> names.inFormat(name, LoraFormat.DIFFSYNTH),
            options.get(LORA_TARGET_MODULES),
            options);
    if (options.get(TRAIN_TEXT_ENCODER)) {
      parameters +=
          parameters(
              TrainingChecks.adaptableLayers(model.textEncoder()),
              UnaryOperator.identity(),
              options.get(TEXT_ENCODER_TARGET_MODULES),
              options);
    }
    return parameters;
  }

  private static void requireStrengths(TrainingOptions options) {
    double least = options.get(LORA_ALPHA_MIN);
    if (least > options.get(LORA_ALPHA)) {
      throw new TrainingException(
          "lora_alpha_min is %s, but lora_alpha is %s: it is the least alpha of a batch, and lora_alpha the greatest."
              .formatted(least, options.get(LORA_ALPHA)));
    }
    if (least > 0 && options.get(USE_DORA)) {
      throw new TrainingException(
          "lora_alpha_min is %s with use_dora: DoRA's lengths are those of one alpha. Leave one of the two out."
              .formatted(least));
    }
  }

  /** How many numbers the adapters of the targeted layers have. */
  private static long parameters(
      Map<String, Shape> layers,
      UnaryOperator<String> otherName,
      List<String> targets,
      TrainingOptions options) {
    Set<String> targeted = LoraParameters.targeted(layers.keySet(), otherName, targets);
    long parameters = 0;
    for (String name : targeted) {
      Shape shape = Objects.requireNonNull(layers.get(name), name);
      long out = shape.get(0);
      parameters += options.get(LORA_RANK) * (out + shape.size() / out);
      parameters += options.get(USE_DORA) ? out : 0;
    }
    return parameters;
  }

  @Override
  public TrainedAdapters make(
      AdaptedNetworks networks, PreparedTraining prepared, TorchRandom random, NDManager manager) {
    TrainingOptions options = prepared.options();
    UNetNames names = prepared.names();
    LoraParameters.Kind kind =
        new LoraParameters.Kind(
            options.get(LORA_RANK),
            options.get(LORA_ALPHA),
            options.get(USE_DORA),
            options.get(AS_IN_THE_COURSE));
    Map<String, AdaptableLayer> layers = networks.unet().adaptableLayers();
    LoraWeights onUnet =
        LoraParameters.gaussian(
            kind.asInTheCourse() ? inOrder(layers, names) : layers,
            name -> names.inFormat(name, LoraFormat.DIFFSYNTH),
            options.get(LORA_TARGET_MODULES),
            kind,
            random,
            manager);
    LoraWeights onText =
        networks
            .textEncoder()
            .map(
                encoder ->
                    LoraParameters.gaussian(
                        encoder.adaptableLayers(),
                        name -> name,
                        options.get(TEXT_ENCODER_TARGET_MODULES),
                        kind,
                        random,
                        manager))
            .orElse(null);
    TrainedAdapters.Place place =
        new TrainedAdapters.Place(
            LoraAdapters.on(networks.unet()),
            networks.textEncoder().map(LoraAdapters::on),
            names,
            kind.alpha(),
            strength(options, manager));
    return new TrainedAdapters(onUnet, onText, place);
  }

  private static TrainedAdapters.@Nullable Strength strength(
      TrainingOptions options, NDManager manager) {
    double least = options.get(LORA_ALPHA_MIN);
    return least == 0
        ? null
        : new TrainedAdapters.Strength(least / options.get(LORA_ALPHA), manager.create(1f));
  }

  /** DiffSynth-Studio's UNet has its layers in the order in which they run. */
  private static Map<String, AdaptableLayer> inOrder(
      Map<String, AdaptableLayer> layers, UNetNames names) {
    Map<String, AdaptableLayer> ordered = new LinkedHashMap<>();
    for (String name : names.layers()) {
      if (layers.containsKey(name)) {
        ordered.put(name, layers.get(name));
      }
    }
    return ordered;
  }
}
