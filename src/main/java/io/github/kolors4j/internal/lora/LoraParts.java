package io.github.kolors4j.internal.lora;

import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.internal.model.UNetConfig;
import java.nio.file.Path;

/**
 * What a LoRA's file has something for.
 *
 * @param unet whether it changes the UNet
 * @param textEncoder whether it changes the text encoder (ChatGLM)
 */
public record LoraParts(boolean unet, boolean textEncoder) {

  /**
   * Looks into a file without reading its matrices.
   *
   * @param config of the UNet that it is for
   * @throws io.github.kolors4j.lora.LoraException if it is no LoRA
   * @throws io.github.kolors4j.WeightsException if it cannot be read
   */
  public static LoraParts of(Path path, UNetConfig config) {
    try (LoraReader reader = LoraReader.open(path, new UNetNames(config))) {
      return new LoraParts(reader.has(Network.UNET), reader.has(Network.TEXT_ENCODER));
    }
  }
}
