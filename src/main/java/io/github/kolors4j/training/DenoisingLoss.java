package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.scheduler.NoiseSchedule;

/**
 * What a diffusion model is trained on: the mean squared difference between the noise that was
 * added to latents and the noise that the network sees in them (Ho et al. 2020, formula 14;
 * DiffSynth-Studio {@code diffsynth/trainers/text_to_image.py}).
 *
 * @param weighting how much each timestep counts
 * @param precision what the network computes in; the loss is float32 all the same
 * @param gradientCheckpointing whether the backward pass computes the activations once more instead
 *     of keeping them
 */
record DenoisingLoss(
    UNet unet,
    NoiseSchedule schedule,
    LossWeighting weighting,
    Precision precision,
    boolean gradientCheckpointing) {

  /**
   * Pictures at their timesteps.
   *
   * @param latents (batch, channels, height, width), scaled by the autoencoder's factor
   * @param noise standard normal, of the same shape
   * @param timesteps one a picture
   * @param text what steers the prediction
   */
  record Batch(NDArray latents, NDArray noise, int[] timesteps, Text text) {
    /** Pictures whose captions are encoded already. */
    Batch(NDArray latents, NDArray noise, int[] timesteps, UNet.Conditioning conditioning) {
      this(latents, noise, timesteps, (checkpointing, scope) -> conditioning);
    }
  }

  /**
   * The captions of a batch, encoded when they are needed: block by block, as the network itself,
   * so that a text encoder can learn, too.
   */
  @FunctionalInterface
  interface Text {
    /**
     * @param scope the owner of what is computed
     */
    UNet.Conditioning encode(Checkpointing checkpointing, NDManager scope);
  }

  /**
   * Adds a share of the loss's gradients to those of the parameters.
   *
   * @param share 1, or less if several batches make one step
   * @return the loss, times the share
   */
  float backward(Batch batch, double share) {
    return backward(batch, share, 1);
  }

  /**
   * Adds a multiple of the loss's gradients to those of the parameters.
   *
   * @param scale of a {@link io.github.kolors4j.internal.training.GradientScaler}
   * @return the loss, times the share but not the scale
   */
  float backward(Batch batch, double share, double scale) {
    double factor = share * scale;
    try (NDManager scope = batch.latents().getManager().newSubManager()) {
      NDArray noisy = noisy(batch, scope);
      NDArray timesteps = timesteps(batch, scope);
      if (gradientCheckpointing) {
        GradientCheckpointing checkpointing = new GradientCheckpointing();
        UNet.Conditioning conditioning = batch.text().encode(checkpointing, scope);
        NDArray output = unet.forward(noisy, timesteps, conditioning, checkpointing);
        return unscaled(checkpointing.backward(output, out -> loss(out, batch, factor)), scale);
      }
      try (Gradients recording = Gradients.enable()) {
        UNet.Conditioning conditioning = batch.text().encode(Checkpointing.OFF, scope);
        NDArray output = unet.forward(noisy, timesteps, conditioning);
        NDArray loss = loss(output, batch, factor);
        Gradients.backward(loss);
        return unscaled(loss, scale);
      }
    }
  }

  private static float unscaled(NDArray loss, double scale) {
    return (float) (loss.getFloat() / scale);
  }

  /** The loss alone, every timestep counting the same: it can be compared between weightings. */
  float evaluate(Batch batch) {
    try (NDManager scope = batch.latents().getManager().newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray noisy = noisy(batch, scope);
      UNet.Conditioning conditioning = batch.text().encode(Checkpointing.OFF, scope);
      NDArray output = unet.forward(noisy, timesteps(batch, scope), conditioning);
      return TensorOperators.meanSquaredError(output, batch.noise()).getFloat();
    }
  }

  private NDArray noisy(Batch batch, NDManager scope) {
    NDArray noisy = schedule.addNoise(batch.latents(), batch.noise(), batch.timesteps());
    noisy.attach(scope);
    return precision.convert(noisy);
  }

  private static NDArray timesteps(Batch batch, NDManager scope) {
    float[] values = new float[batch.timesteps().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = batch.timesteps()[i];
    }
    return scope.create(values);
  }

  private NDArray loss(NDArray output, Batch batch, double factor) {
    NDArray loss;
    if (weighting.kind() == LossWeighting.Kind.UNIFORM) {
      loss = TensorOperators.meanSquaredError(output, batch.noise());
    } else {
      NDArray roots = roots(batch);
      loss =
          TensorOperators.meanSquaredError(
              TensorOperators.float32(output).mul(roots), batch.noise().mul(roots));
    }
    return factor == 1 ? loss : TensorOperators.scale(loss, factor);
  }

  /** The square roots of the weights (batch, 1, 1, 1): each difference is scaled by them. */
  private NDArray roots(Batch batch) {
    float[] roots = new float[batch.timesteps().length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(weighting.weight(schedule, batch.timesteps()[i]));
    }
    return batch.noise().getManager().create(roots, new Shape(roots.length, 1, 1, 1));
  }
}
