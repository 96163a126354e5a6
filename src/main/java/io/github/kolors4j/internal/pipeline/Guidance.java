package io.github.kolors4j.internal.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.SideBySide;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Classifier-free guidance (Ho and Salimans 2022): what the UNet is asked with for a prompt, and
 * how its two answers, without the prompt and with it, become one.
 *
 * <p>A large UNet is asked for both in one batch, which reads its weights once; a small one for
 * each by itself, at the same time.
 */
public final class Guidance {
  private final UNet unet;
  private final Prompt prompt;

  /** All rows, without the prompt first if there are two. */
  private final UNet.Conditioning both;

  private final List<UNet.Conditioning> rows;

  /** The UNet, or what is done with its answer besides. */
  @FunctionalInterface
  public interface Network {
    /**
     * @param latents (rows, channels, height, width)
     * @param timesteps (rows)
     * @param conditioning of as many rows
     * @return the noise, which belongs to the latents' manager
     */
    NDArray predict(NDArray latents, NDArray timesteps, UNet.Conditioning conditioning);
  }

  /**
   * @param unet that will be asked
   * @param prompt settled
   * @param embeddings of the same prompt, which stay open
   * @param manager the owner of what is made from them
   */
  public Guidance(UNet unet, Prompt prompt, PromptEmbeddings embeddings, NDManager manager) {
    this.unet = unet;
    this.prompt = prompt;
    NDArray tokens = embeddings.tokens().duplicate();
    tokens.attach(manager); // the caller's own, as what is made from them
    both =
        new UNet.Conditioning(tokens, embeddings.pooled(), sizes(prompt, manager))
            .withoutPadding(embeddings.padding())
            .steadily();
    rows =
        prompt.guided() ? List.of(both.row(0).steadily(), both.row(1).steadily()) : List.of(both);
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

  /**
   * The noise in latents as the prompt has it: what the UNet says without the prompt, and what the
   * prompt changes, exaggerated.
   *
   * @param latents (1, channels, height, width), scaled as the sampler says
   * @param network what asks the UNet, on any thread
   * @return of the latents' shape and manager
   */
  public NDArray predict(NDArray latents, double timestep, Network network) {
    if (rows.size() == 1) {
      return network.predict(latents, timesteps(latents, timestep), both);
    }
    if (unet.config().small() && !unet.watched() && !latents.getDevice().isGpu()) {
      return sideBySide(latents, timestep, network);
    }
    NDArray twice = latents.concat(latents, 0);
    NDArray answers = network.predict(twice, timesteps(twice, timestep), both);
    return guided(answers.get("0:1"), answers.get("1:2"));
  }

  private NDArray sideBySide(NDArray latents, double timestep, Network network) {
    NDManager owner = latents.getManager();
    List<NDArray> inputs = rows.stream().map(row -> own(latents)).toList();
    try {
      List<Supplier<NDArray>> each = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        NDArray input = inputs.get(i);
        UNet.Conditioning row = rows.get(i);
        each.add(() -> network.predict(input, timesteps(input, timestep), row));
      }
      List<NDArray> answers = SideBySide.run(each);
      NDArray result = guided(answers.get(0), answers.get(1));
      result.attach(owner);
      return result;
    } finally {
      inputs.forEach(input -> input.getManager().close());
    }
  }

  /** A handle with an owner of its own: two threads must not lend each other's arrays. */
  private static NDArray own(NDArray array) {
    NDManager owner = array.getManager().newSubManager();
    NDArray handle = TensorOperators.handle(array);
    handle.attach(owner);
    return handle;
  }

  private static NDArray timesteps(NDArray latents, double timestep) {
    return latents.getManager().full(new Shape(latents.getShape().get(0)), (float) timestep);
  }

  private NDArray guided(NDArray without, NDArray with) {
    return with.sub(without).mul(prompt.guidanceScale()).add(without);
  }
}
