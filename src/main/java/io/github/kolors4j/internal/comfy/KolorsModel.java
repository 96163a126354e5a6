package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.pipeline.ModelFolder;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code KOLORSMODEL} and {@code MODEL} are: a UNet that is loaded when it is used, and the
 * LoRAs on it.
 *
 * @param folder the model
 * @param standIn whether it was taken in place of a model that is not on this computer
 * @param loras in the order in which they are added
 */
public record KolorsModel(ModelFolder folder, boolean standIn, List<AppliedLora> loras) {

  /** Copies the list. */
  public KolorsModel {
    loras = List.copyOf(loras);
  }

  /** The same model with one more LoRA. */
  public KolorsModel with(AppliedLora lora) {
    List<AppliedLora> more = new ArrayList<>(loras);
    more.add(lora);
    return new KolorsModel(folder, standIn, more);
  }
}
