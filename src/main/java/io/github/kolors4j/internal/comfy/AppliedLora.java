package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.lora.Lora;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A LoRA that a graph puts on a network.
 *
 * @param file where it is
 * @param fingerprint of the file's content, so that one that was trained anew is read anew
 * @param unet whether it is put on the UNet, or else on the text encoder
 * @param alpha in place of the one that the file states, if given
 * @param weight how much of it
 */
public record AppliedLora(
    Path file, String fingerprint, boolean unet, OptionalDouble alpha, double weight) {

  /** The library's LoRA. */
  Lora lora() {
    Lora lora = (unet ? Lora.ofUnet(file) : Lora.ofTextEncoder(file)).weight(weight);
    return alpha.isPresent() ? lora.alpha(alpha.getAsDouble()) : lora;
  }
}
