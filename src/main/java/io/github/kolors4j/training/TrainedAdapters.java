package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.lora.LoraWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one training.
 *
 * @param unet the UNet's
 * @param textEncoder the text encoder's, or null if it does not learn
 */
record TrainedAdapters(LoraWeights unet, @Nullable LoraWeights textEncoder) {
  private static final String TEXT_ENCODER = "text_encoder.";

  /** All matrices by name, as an optimizer takes them: live, not copies. */
  Map<String, NDArray> parameters() {
    Map<String, NDArray> parameters = LoraParameters.parameters(unet);
    if (textEncoder != null) {
      LoraParameters.parameters(textEncoder)
          .forEach((name, array) -> parameters.put(TEXT_ENCODER + name, array));
    }
    return parameters;
  }

  /** The same adapters with other matrices, under the names of {@link #parameters()}. */
  TrainedAdapters with(Map<String, NDArray> values) {
    Map<String, NDArray> text = new LinkedHashMap<>();
    values.forEach(
        (name, array) -> {
          if (name.startsWith(TEXT_ENCODER)) {
            text.put(name.substring(TEXT_ENCODER.length()), array);
          }
        });
    return new TrainedAdapters(
        LoraParameters.with(unet, values),
        textEncoder == null ? null : LoraParameters.with(textEncoder, text));
  }
}
