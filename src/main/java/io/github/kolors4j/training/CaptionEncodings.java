package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.model.ChatGlm;
import java.util.List;
import java.util.Optional;

/** Turns captions into what the UNet is conditioned on. */
@FunctionalInterface
interface CaptionEncodings {
  /**
   * The captions of one batch.
   *
   * @param captions one a picture
   * @param sizes (batch, 6), as in {@link io.github.kolors4j.internal.model.UNet.Conditioning}
   * @param owner of the batch's arrays
   */
  DenoisingLoss.Text of(List<String> captions, NDArray sizes, NDManager owner);

  /** The text encoder that learns while it turns them, if it learns. */
  default Optional<ChatGlm> learning() {
    return Optional.empty();
  }
}
