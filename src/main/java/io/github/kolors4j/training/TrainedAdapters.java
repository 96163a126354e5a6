package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
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
   */
  record Place(
      LoraAdapters onUnet, Optional<LoraAdapters> onTextEncoder, UNetNames names, double alpha) {}

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
    place.onUnet().attach(NAME, unet, 1);
    if (textEncoder != null) {
      place.onTextEncoder().ifPresent(text -> text.attach(NAME, textEncoder, 1));
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
