package io.github.kolors4j.internal.lora;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.PyTorch;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * What a LoRA's file has something for.
 *
 * @param unet whether it changes the UNet
 * @param textEncoder whether it changes the text encoder (ChatGLM)
 * @param missingAlpha the rank, which kohya's loader and ComfyUI take for the alpha where a file
 *     states none; empty if the file states one, or its layers differ in rank
 */
public record LoraParts(boolean unet, boolean textEncoder, OptionalDouble missingAlpha) {

  /**
   * Looks into a file.
   *
   * @param config of the UNet that it is for
   * @throws io.github.kolors4j.lora.LoraException if it is no LoRA
   * @throws io.github.kolors4j.WeightsException if it cannot be read
   */
  public static LoraParts of(Path path, UNetConfig config) {
    try (LoraReader reader = LoraReader.open(path, new UNetNames(config))) {
      boolean unet = reader.has(Network.UNET);
      boolean text = reader.has(Network.TEXT_ENCODER);
      return new LoraParts(
          unet,
          text,
          unet || text
              ? missingAlpha(reader, unet ? Network.UNET : Network.TEXT_ENCODER)
              : OptionalDouble.empty());
    }
  }

  private static OptionalDouble missingAlpha(LoraReader reader, Network network) {
    try (NDManager manager = PyTorch.manager(Device.cpu());
        LoraWeights weights = reader.read(network, manager)) {
      int rank = weights.rank();
      boolean alike =
          weights.layers().values().stream()
              .allMatch(layer -> layer.alpha().isEmpty() && layer.rank() == rank);
      return alike ? OptionalDouble.of(rank) : OptionalDouble.empty();
    }
  }
}
