package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.training.MovingAverage;
import io.github.kolors4j.internal.training.Muon;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trains kolors-mini's autoencoder from nothing.
 *
 * <p>Most steps see crops, many at a time, the others three whole pictures: crops are more various,
 * without which colours are not learned; whole pictures are what it will be used on.
 */
final class AutoencoderTraining {
  /**
   * Sixteen-fold smaller latents of thirty-two channels: a 256×256 picture is 16×16 latents.
   *
   * <p>Two groups only in the normalisations: a group of two channels, which more groups would
   * leave at the first level, forgets by how much an even area differs from black, and its colour
   * with it.
   */
  public static final AutoencoderConfig CONFIG =
      new AutoencoderConfig(3, 32, new int[] {16, 32, 64, 96, 96}, 1, 2, 1);

  /** A whole picture in three steps; else many crops, most of which show a face. */
  private static final int PICTURES = 3;

  private static final int CROPS = 20;
  private static final int CROP = 96;

  /** Leaves noise of about a tenth of the latents' spread, which the decoder learns to bear. */
  private static final double DIVERGENCE_WEIGHT = 1e-3;

  /** What the drift of kept channels counts, squared, where their spread is 1. */
  private static final double KEEPING_WEIGHT = 1;

  private final Checkpoints checkpoints;
  private final long steps;
  private final Random random = new Random(1);

  /**
   * @param folder for the checkpoints, from which an interrupted run goes on
   * @param steps how many in all
   */
  public AutoencoderTraining(Path folder, long steps) {
    this.checkpoints = new Checkpoints(folder.resolve("vae"));
    this.steps = steps;
  }

  /** An autoencoder that has learned nothing yet. */
  static Autoencoder untrained(NDManager manager) {
    return new Autoencoder(
        CONFIG, new Weights(new InitialWeights(1, Set.of()), manager.newSubManager()));
  }

  /**
   * Trains, or goes on with an interrupted training.
   *
   * @param pictures of 256×256
   * @param begin makes the autoencoder, as its owner's child, that a training begins with
   * @param peak the highest learning rate
   * @param keptChannels how many of the first latent channels shall stay what they are at the
   *     beginning, for a UNet that knows them
   */
  void train(
      Crops pictures, Function<NDManager, Autoencoder> begin, double peak, int keptChannels) {
    LearningRate schedule = LearningRate.cosine(peak, steps).warmUp(100);
    try (NDManager manager = PyTorch.manager();
        Autoencoder vae = begin.apply(manager);
        @Nullable Autoencoder before = keptChannels > 0 ? begin.apply(manager) : null;
        Muon optimizer =
            Muon.ofNetwork(vae.weights().tensors(), new AdamW.Settings(0.9, 0.99, 1e-8, 1e-4));
        MovingAverage average = checkpoints.restore(vae.weights().tensors(), optimizer, 0.998)) {
      Progress progress = new Progress("VAE", steps, checkpoints.log());
      while (optimizer.steps() < steps) {
        long step = optimizer.steps();
        random.setSeed(step);
        boolean whole = step % 3 == 0;
        try (NDManager scope = manager.newSubManager();
            Gradients recording = Gradients.enable()) {
          NDArray batch =
              whole
                  ? pictures.draw(PICTURES, pictures.size(), random, scope)
                  : pictures.draw(CROPS, CROP, random, scope);
          NDArray moments = TensorOperators.float32(vae.encode(TensorOperators.fastType(batch)));
          NDArray mean = vae.mean(moments);
          NDArray logVariance = vae.logVariance(moments);
          NDArray noise = scope.randomNormal(mean.getShape());
          NDArray latents = mean.add(TensorOperators.scale(logVariance, 0.5).exp().mul(noise));
          NDArray decoded = vae.decode(TensorOperators.fastType(latents));
          NDArray loss = TensorOperators.reconstructionLoss(decoded, batch);
          if (whole) {
            loss =
                loss.add(
                    TensorOperators.reconstructionLoss(FaceArea.of(decoded), FaceArea.of(batch)));
            if (before != null) {
              NDArray drift =
                  kept(mean, keptChannels).sub(kept(latentsBefore(before, batch), keptChannels));
              loss = loss.add(TensorOperators.scale(drift.square().mean(), KEEPING_WEIGHT));
            }
          }
          NDArray divergence = TensorOperators.divergence(mean, logVariance);
          Gradients.backward(loss.add(TensorOperators.scale(divergence, DIVERGENCE_WEIGHT)));
          optimizer.step(schedule.at(step), 1.0);
          average.update(optimizer.steps());
          progress.step(optimizer.steps(), loss.getFloat());
        }
        if (optimizer.steps() % Checkpoints.EVERY == 0 || optimizer.steps() == steps) {
          checkpoints.save(vae.weights().tensors(), optimizer, average);
        }
      }
    }
  }

  private static NDArray kept(NDArray latents, int channels) {
    return latents.get(new NDIndex(":, :" + channels));
  }

  private static NDArray latentsBefore(Autoencoder before, NDArray batch) {
    try (Gradients off = Gradients.disable()) {
      return before.mean(TensorOperators.float32(before.encode(TensorOperators.fastType(batch))));
    }
  }
}
