package io.github.kolors4j.training;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.Map;

/**
 * Which kind of adapter a training makes, and how: a LoRA, a new word, a hypernetwork, or the UNet
 * itself.
 */
interface AdapterKind {

  /** Whether the backward pass goes through the text encoder, which then stays in memory. */
  boolean throughTextEncoder(TrainingOptions options);

  /**
   * What {@code hparams.yaml} says, by which a run is known again.
   *
   * @param options all options' values, some of which may be other kinds'
   */
  Map<String, Object> hyperparameters(Map<String, Object> options);

  /**
   * Checks that the model has a place for it.
   *
   * @return how many numbers will learn
   * @throws io.github.kolors4j.KolorsException naming what does not fit
   */
  long requireFit(ModelFolder model, UNetNames names, TrainingOptions options);

  /** What its checkpoints' names end in. */
  String ending();

  /** The model's tokenizer, with new words if there are any. */
  default ChatGlmTokenizer tokenizer(ModelFolder model) {
    return ChatGlmTokenizer.load(model.tokenizer());
  }

  /** What a caption is trained as. */
  default String caption(String caption) {
    return caption;
  }

  /**
   * Makes one that changes nothing yet, or as little as its kind does.
   *
   * @param random where its first values are drawn from
   * @param manager the owner of its arrays
   */
  Adapter make(
      AdaptedNetworks networks, PreparedTraining prepared, TorchRandom random, NDManager manager);
}
