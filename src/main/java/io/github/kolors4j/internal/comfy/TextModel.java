package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.pipeline.ModelFolder;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code CHATGLM3MODEL} and {@code CLIP} are: a text encoder that is loaded when it is used,
 * and the LoRAs on it.
 *
 * @param folder the model whose text encoder it is
 * @param standIn whether it was taken in place of one that is not on this computer
 * @param storage how its weights are held: {@code auto}, {@code int8} or {@code int4}
 * @param loras in the order in which they are added
 */
public record TextModel(
    ModelFolder folder, boolean standIn, String storage, List<AppliedLora> loras) {

  /** Copies the list. */
  public TextModel {
    loras = List.copyOf(loras);
  }

  /** The same text encoder with one more LoRA. */
  public TextModel with(AppliedLora lora) {
    List<AppliedLora> more = new ArrayList<>(loras);
    more.add(lora);
    return new TextModel(folder, standIn, storage, more);
  }
}
