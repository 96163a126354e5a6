package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * The way back from noise to data: a sampler of the room {@code scheduler} (the same object that
 * draws Kolors' pictures) asks a predictor at each step. Immutable.
 *
 * <pre>{@code
 * var back = new ReverseProcess(Scheduler.of("DDPM", config), 100, 0);
 * List<Points> path = back.run(network::forward, Points.gaussian(1000, 1));
 * }</pre>
 *
 * @param scheduler the sampler
 * @param steps how many steps it makes
 * @param seed of the noise that a stochastic sampler draws on the way
 */
public record ReverseProcess(Scheduler scheduler, int steps, long seed) {

  /**
   * Takes points back.
   *
   * @param start standard normal points
   * @return the points before the first step and after each one: {@code steps + 1} clouds
   */
  public List<Points> run(NoisePredictor predictor, Points start) {
    try (NDManager manager = PyTorch.manager(Device.cpu());
        NDArray first = start.toArray(manager)) {
      return run(predictor, first).stream().map(Points::of).toList();
    }
  }

  /**
   * Takes samples of any shape back, for instance small pictures.
   *
   * @param start standard normal numbers, the batch first; stays the caller's
   * @return the samples before the first step and after each one, {@code steps + 1} of them, each
   *     as its numbers in row-major order
   */
  public List<float[]> run(NoisePredictor predictor, NDArray start) {
    TorchRandom random = new TorchRandom(seed);
    List<float[]> path = new ArrayList<>();
    try (Gradients off = Gradients.disable();
        Sampling sampling = scheduler.begin(steps);
        NDManager manager = start.getManager().newSubManager()) {
      Shape shape = start.getShape();
      double[] timesteps = sampling.timesteps();
      float[] sample = scaled(start.toFloatArray(), sampling.initNoiseSigma());
      path.add(sample);
      for (int i = 0; i < steps; i++) {
        try (NDManager step = manager.newSubManager()) {
          NDArray x = step.create(sample, shape);
          NDArray prediction = predictor.predict(sampling.scaleModelInput(x, i), timesteps[i]);
          NDArray next =
              sampling.step(prediction, i, x, (size, owner) -> random.randn(owner, size));
          sample = next.toFloatArray();
          path.add(sample);
        }
      }
    }
    return path;
  }

  private static float[] scaled(float[] values, double factor) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) (factor * values[i]);
    }
    return result;
  }
}
