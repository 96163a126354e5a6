package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.Weights;
import java.util.Map;
import java.util.Set;

/**
 * Kolors' UNet for {@link SmallPictures}: the same class that predicts the noise in Kolors'
 * latents, with two levels of few channels instead of three of many, no text, and random weights to
 * begin with. As Kolors works on a picture that the VAE made smaller, this one works on squares of
 * 2 × 2 pixels, laid behind each other as 12 channels.
 */
public final class SmallUNet implements Trainable, NoisePredictor, AutoCloseable {
  private static final int PATCH = 2;
  private static final int COLORS = 3;
  private static final int TEXT = 8;
  private static final int SIZES = 6;

  private final NDManager manager = PyTorch.manager(Device.cpu());
  private final UNet unet;
  private final int side;

  /**
   * @param side of the pictures in pixels, a multiple of 4
   * @param channels of the upper level, a multiple of 8; the lower one has twice as many
   * @param seed of the first weights
   */
  public SmallUNet(int side, int channels, long seed) {
    if (side < 4 || side % 4 != 0 || channels < 8 || channels % 8 != 0) {
      throw new IllegalArgumentException(
          "A small UNet is for pictures of 4, 8, 12 … pixels and has 8, 16, 24 … channels; not "
              + side
              + " pixels and "
              + channels
              + " channels.");
    }
    this.side = side;
    UNetConfig config =
        new UNetConfig(
            COLORS * PATCH * PATCH,
            new int[] {channels, 2 * channels},
            1,
            new boolean[] {false, false},
            new int[] {1, 1},
            new int[] {2, 2},
            TEXT,
            TEXT,
            2,
            TEXT + SIZES * 2,
            8,
            1e-5,
            side / PATCH);
    InitialWeights start = new InitialWeights(seed, Set.of("conv_out.weight"));
    unet = new UNet(config, new Weights(start, manager.newSubManager()));
  }

  /**
   * The prediction for pictures that have each their timestep.
   *
   * @param x (n, 3, side, side)
   * @param timesteps (n), 0 to 1000 or so
   * @return (n, 3, side, side), in {@code x}'s manager
   */
  public NDArray forward(NDArray x, NDArray timesteps) {
    long n = x.getShape().get(0);
    NDManager owner = x.getManager();
    UNet.Conditioning nothing =
        new UNet.Conditioning(
            owner.zeros(new Shape(n, 1, TEXT)),
            owner.zeros(new Shape(n, TEXT)),
            owner.zeros(new Shape(n, SIZES)));
    return toPixels(unet.forward(toPatches(x), timesteps, nothing));
  }

  @Override
  public NDArray predict(NDArray x, double timestep) {
    NDArray same = x.getManager().full(new Shape(x.getShape().get(0)), (float) timestep);
    return forward(x, same);
  }

  /** (n, 3, side, side) to (n, 12, side / 2, side / 2). */
  NDArray toPatches(NDArray x) {
    int half = side / PATCH;
    return x.reshape(-1, COLORS, half, PATCH, half, PATCH)
        .transpose(0, 1, 3, 5, 2, 4)
        .reshape(-1, COLORS * PATCH * PATCH, half, half);
  }

  /** The way back of {@link #toPatches}. */
  NDArray toPixels(NDArray patches) {
    int half = side / PATCH;
    return patches
        .reshape(-1, COLORS, PATCH, PATCH, half, half)
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(-1, COLORS, side, side);
  }

  @Override
  public Map<String, NDArray> parameters() {
    return unet.weights().tensors();
  }

  @Override
  public void close() {
    unet.close();
    manager.close();
  }

  @Override
  public String toString() {
    return "UNet for %d x %d pixels, %,d parameters".formatted(side, side, parameterCount());
  }
}
