package io.github.kolors4j.internal.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;

/**
 * Classifier-free guidance (Ho and Salimans 2022): what the UNet is asked with for a prompt, in two
 * rows if it is guided, without the prompt first; and how its two answers become one.
 */
public final class Guidance {
  private Guidance() {}

  /**
   * What all steps of a prompt are conditioned on.
   *
   * @param prompt settled
   * @param embeddings of the same prompt, which stay open
   * @param manager the owner of what is made from them
   */
  public static UNet.Conditioning conditioning(
      Prompt prompt, PromptEmbeddings embeddings, NDManager manager) {
    NDArray tokens = embeddings.tokens().duplicate();
    tokens.attach(manager); // the caller's own, as what is made from them
    return new UNet.Conditioning(tokens, embeddings.pooled(), sizes(prompt, manager))
        .withoutPadding(embeddings.padding());
  }

  /** SDXL's micro-conditioning, a row each: original size, crop and target size. */
  private static NDArray sizes(Prompt prompt, NDManager manager) {
    boolean told = prompt.toldWidth() > 0;
    float height = told ? prompt.toldHeight() : prompt.height();
    float width = told ? prompt.toldWidth() : prompt.width();
    float[] row = {height, width, 0, 0, height, width};
    NDArray sizes = manager.create(row, new Shape(1, row.length));
    return prompt.guided() ? sizes.concat(sizes, 0) : sizes;
  }

  /** What the UNet reads: once for each row of the {@link #conditioning}. */
  public static NDArray rows(Prompt prompt, NDArray input) {
    return prompt.guided() ? input.concat(input, 0) : input;
  }

  /** The UNet's answer without the prompt, and what the prompt changes, exaggerated. */
  public static NDArray combined(Prompt prompt, NDArray predicted) {
    if (!prompt.guided()) {
      return predicted;
    }
    NDArray without = predicted.get("0:1");
    NDArray with = predicted.get("1:2");
    return with.sub(without).mul(prompt.guidanceScale()).add(without);
  }
}
