package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * Sends pictures through an autoencoder and back: what is lost there, no diffusion model can draw.
 */
final class Reconstruction implements AutoCloseable {
  private final NDManager manager;
  private final Autoencoder vae;

  /**
   * @param folder of the VAE, in the published layout
   */
  public Reconstruction(Path folder) {
    manager = PyTorch.manager();
    try {
      vae = Autoencoder.load(folder, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Encodes a picture, takes the most likely latents, and decodes them. */
  public BufferedImage of(BufferedImage picture) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray moments = vae.encode(PictureTensor.toTensor(scope, picture));
      return PictureTensor.toPicture(vae.decode(vae.mean(moments)));
    }
  }

  /** The sample with its picture reconstructed. */
  public Sample of(Sample sample) {
    return new Sample(sample.prompt(), sample.attributes(), () -> of(sample.picture().get()));
  }

  @Override
  public void close() {
    manager.close();
  }
}
