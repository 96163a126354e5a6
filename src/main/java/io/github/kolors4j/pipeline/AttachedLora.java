package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.lora.Lora;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA at work.
 *
 * @param name by which the networks know it
 * @param matrices with the alphas that are applied
 * @param memory the owner of what was read from a file
 */
record AttachedLora(String name, Lora lora, ModelLora matrices, NDManager memory) {

  /**
   * Adds its part for a network, if it has one.
   *
   * @throws io.github.kolors4j.lora.LoraException if that does not fit
   */
  void attach(@Nullable LoraWeights part, LoraAdapters network) {
    if (part != null) {
      network.attach(name, part, lora.weight());
    }
  }

  /** Takes it off a network, if it is there. */
  void detach(LoraAdapters network) {
    if (network.names().contains(name)) {
      network.detach(name);
    }
  }

  /** The same LoRA without its file. */
  Lora inMemory() {
    return Lora.of(matrices).weight(lora.weight());
  }

  /** Name and settings, for the pictures' text. */
  String text() {
    StringBuilder text = new StringBuilder(lora.name());
    if (matrices.unet() == null) {
      text.append(" (text encoder)");
    }
    matrices.parts().get(0).alpha().ifPresent(alpha -> text.append(", alpha ").append(alpha));
    if (lora.weight() != 1) {
      text.append(", weight ").append(lora.weight());
    }
    return text.toString();
  }
}
