package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The LoRAs of one training.
 *
 * @param unet the UNet's
 * @param textEncoder the text encoder's, or null if it does not learn
 * @param place where they go
 */
record TrainedAdapters(LoraWeights unet, @Nullable LoraWeights textEncoder, Place place)
    implements Adapter {
  private static final String TEXT_ENCODER = "text_encoder.";
  private static final String NAME = "training";

  /**
   * The networks that the LoRAs are put on.
   *
   * @param names of the UNet's layers in files
   * @param alpha with which they are trained
   * @param strength with which batches are learned; null for always the full one
   */
  record Place(
      LoraAdapters onUnet,
      Optional<LoraAdapters> onTextEncoder,
      UNetNames names,
      double alpha,
      @Nullable Strength strength) {}

  /**
   * How much of the LoRAs a batch is learned with.
   *
   * @param least the least share of alpha, from 0 to 1
   * @param factor (): its value for the batch that is being learned from, else 1
   */
  record Strength(double least, NDArray factor) {
    void draw(TorchRandom random) {
      set((float) (least + (1 - least) * random.rand(1)[0]));
    }

    void setFull() {
      set(1);
    }

    private void set(float value) {
      try (NDArray drawn = factor.getManager().create(value)) {
        TensorOperators.copy(drawn, factor);
      }
    }
  }

  @Override
  public Map<String, NDArray> parameters() {
    Map<String, NDArray> parameters = LoraParameters.parameters(unet);
    if (textEncoder != null) {
      LoraParameters.parameters(textEncoder)
          .forEach((name, array) -> parameters.put(TEXT_ENCODER + name, array));
    }
    return parameters;
  }

  @Override
  public TrainedAdapters with(Map<String, NDArray> values) {
    Map<String, NDArray> text = new LinkedHashMap<>();
    values.forEach(
        (name, array) -> {
          if (name.startsWith(TEXT_ENCODER)) {
            text.put(name.substring(TEXT_ENCODER.length()), array);
          }
        });
    return new TrainedAdapters(
        LoraParameters.with(unet, values),
        textEncoder == null ? null : LoraParameters.with(textEncoder, text),
        place);
  }

  @Override
  public void attach() {
    NDArray strength = place.strength() == null ? null : place.strength().factor();
    place.onUnet().attach(NAME, unet, 1, strength);
    if (textEncoder != null) {
      place.onTextEncoder().ifPresent(text -> text.attach(NAME, textEncoder, 1, strength));
    }
  }

  @Override
  public void beginBatch(TorchRandom random) {
    if (place.strength() != null) {
      place.strength().draw(random);
    }
  }

  @Override
  public void endBatch() {
    if (place.strength() != null) {
      place.strength().setFull();
    }
  }

  @Override
  public void detach() {
    place.onUnet().detach(NAME);
    place.onTextEncoder().ifPresent(text -> text.detach(NAME));
  }

  @Override
  public void write(Path checkpoint, long step) {
    LoraFile.write(checkpoint, unet, LoraFormat.DIFFSYNTH, place.names());
    if (textEncoder != null) {
      LoraFile.writeTextEncoder(RunFolder.textEncoder(checkpoint), textEncoder);
    }
  }

  @Override
  public void addTo(KolorsPipeline pipeline) {
    pipeline.add(Lora.of(new ModelLora(unet, textEncoder)).alpha(place.alpha()));
  }
}
