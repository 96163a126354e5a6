package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.tensor.CheckpointedSegments;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.tensor.Operators;

/**
 * What a diffusion model is trained on: the mean squared difference between the noise that was
 * added to latents and the noise that the network sees in them (Ho et al. 2020, formula 14;
 * DiffSynth-Studio {@code diffsynth/trainers/text_to_image.py}).
 *
 * @param weighting how much each timestep counts
 * @param bfloat16 whether the network computes in bfloat16; the loss is float32 all the same
 * @param gradientCheckpointing whether the backward pass computes the activations once more instead
 *     of keeping them
 */
record DenoisingLoss(
    UNet unet,
    NoiseSchedule schedule,
    LossWeighting weighting,
    boolean bfloat16,
    boolean gradientCheckpointing) {

  /**
   * Pictures at their timesteps.
   *
   * @param latents (batch, channels, height, width), scaled by the autoencoder's factor
   * @param noise standard normal, of the same shape
   * @param timesteps one a picture
   */
  record Batch(NDArray latents, NDArray noise, int[] timesteps, UNet.Conditioning conditioning) {}

  /**
   * Adds a share of the loss's gradients to those of the parameters.
   *
   * @param share 1, or less if several batches make one step
   * @return the loss, times the share
   */
  float backward(Batch batch, double share) {
    try (NDManager scope = batch.latents().getManager().newSubManager()) {
      NDArray noisy = noisy(batch, scope);
      NDArray timesteps = timesteps(batch, scope);
      if (gradientCheckpointing) {
        CheckpointedSegments segments = new CheckpointedSegments();
        NDArray output = unet.forward(noisy, timesteps, batch.conditioning(), segments);
        return segments.backward(output, out -> loss(out, batch, share)).getFloat();
      }
      try (Gradients recording = Gradients.enable()) {
        NDArray output = unet.forward(noisy, timesteps, batch.conditioning());
        NDArray loss = loss(output, batch, share);
        Gradients.backward(loss);
        return loss.getFloat();
      }
    }
  }

  /** The loss alone, every timestep counting the same: it can be compared between weightings. */
  float evaluate(Batch batch) {
    try (NDManager scope = batch.latents().getManager().newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray noisy = noisy(batch, scope);
      NDArray output = unet.forward(noisy, timesteps(batch, scope), batch.conditioning());
      return Operators.meanSquaredError(output, batch.noise()).getFloat();
    }
  }

  private NDArray noisy(Batch batch, NDManager scope) {
    NDArray noisy = schedule.addNoise(batch.latents(), batch.noise(), batch.timesteps());
    noisy.attach(scope);
    return bfloat16 ? Operators.bfloat16(noisy) : noisy;
  }

  private static NDArray timesteps(Batch batch, NDManager scope) {
    float[] values = new float[batch.timesteps().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = batch.timesteps()[i];
    }
    return scope.create(values);
  }

  private NDArray loss(NDArray output, Batch batch, double share) {
    NDArray loss;
    if (weighting.kind() == LossWeighting.Kind.UNIFORM) {
      loss = Operators.meanSquaredError(output, batch.noise());
    } else {
      NDArray roots = roots(batch);
      loss =
          Operators.meanSquaredError(
              Operators.float32(output).mul(roots), batch.noise().mul(roots));
    }
    return share == 1 ? loss : loss.mul((float) share);
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
