package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.training.MovingAverage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Trains the autoencoder's decoder alone, after the latents are fixed on which the UNet learns.
 *
 * <p>The decoder is the larger half and learns small things, eyes above all, later than the encoder
 * finds a place for them. (Stable Diffusion's {@code sd-vae-ft-mse} is such a decoder.) It sees
 * whole pictures only, whose normalisations are those that it will meet, and faces count once more:
 * they are a fifth of a picture and hold nearly all that a prompt can ask for and the eye looks at.
 */
final class DecoderTraining {
  private static final int PICTURES = 3;

  private final Checkpoints checkpoints;
  private final long steps;
  private final Random random = new Random();

  /**
   * @param folder for the checkpoints, from which an interrupted run goes on
   * @param steps how many in all
   */
  DecoderTraining(Path folder, long steps) {
    this.checkpoints = new Checkpoints(folder.resolve("vae_decoder"));
    this.steps = steps;
  }

  /**
   * Trains, or goes on with an interrupted training.
   *
   * @param vae whose encoder stays as it is
   */
  void train(Autoencoder vae, Crops pictures) {
    LearningRate schedule = LearningRate.cosine(7e-4, steps).warmUp(50);
    Map<String, NDArray> parameters = parameters(vae);
    try (NDManager manager = PyTorch.manager();
        AdamW optimizer = new AdamW(parameters, new AdamW.Settings(0.9, 0.99, 1e-8, 1e-4));
        MovingAverage average = checkpoints.restore(parameters, optimizer, 0.995)) {
      Progress progress = new Progress("decoder", steps, checkpoints.log());
      while (optimizer.steps() < steps) {
        long step = optimizer.steps();
        random.setSeed(step);
        try (NDManager scope = manager.newSubManager();
            Gradients recording = Gradients.enable()) {
          NDArray batch = pictures.draw(PICTURES, pictures.size(), random, scope);
          NDArray decoded = vae.decode(TensorOperators.fastType(latents(vae, batch)));
          NDArray loss =
              TensorOperators.reconstructionLoss(decoded, batch)
                  .add(
                      TensorOperators.reconstructionLoss(FaceArea.of(decoded), FaceArea.of(batch)));
          Gradients.backward(loss);
          optimizer.step(schedule.at(step), 1.0);
          average.update(optimizer.steps());
          progress.step(optimizer.steps(), loss.getFloat());
        }
        if (optimizer.steps() % Checkpoints.EVERY == 0 || optimizer.steps() == steps) {
          checkpoints.save(parameters, optimizer, average);
        }
      }
    }
  }

  /** With the noise that the encoder leaves in them. */
  private static NDArray latents(Autoencoder vae, NDArray batch) {
    try (Gradients off = Gradients.disable()) {
      NDArray moments = TensorOperators.float32(vae.encode(TensorOperators.fastType(batch)));
      NDArray noise = batch.getManager().randomNormal(vae.mean(moments).getShape());
      return vae.mean(moments).add(vae.standardDeviation(moments).mul(noise)).duplicate();
    }
  }

  private static Map<String, NDArray> parameters(Autoencoder vae) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    vae.weights()
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("decoder.") || name.startsWith("post_quant_conv.")) {
                parameters.put(name, tensor);
              }
            });
    return parameters;
  }
}
