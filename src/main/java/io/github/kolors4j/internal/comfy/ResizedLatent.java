package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.Latent;
import java.util.Arrays;
import java.util.Optional;

/** Latents in another size. */
public final class ResizedLatent {
  private ResizedLatent() {}

  /**
   * @param height in latents
   * @param width in latents
   * @param crop whether what is too long on one side is cut off there, rather than pressed
   */
  public static Latent of(
      Latent latent, Interpolation method, int height, int width, boolean crop) {
    Latent given = crop ? cropped(latent, height, width) : latent;
    int pictures = given.batch();
    int each = given.samples().length / pictures;
    int newEach = given.channels() * height * width;
    float[] all = new float[pictures * newEach];
    for (int i = 0; i < pictures; i++) {
      float[] resized =
          method.resize(
              Arrays.copyOfRange(given.samples(), i * each, (i + 1) * each),
              given.channels(),
              given.height(),
              given.width(),
              height,
              width);
      System.arraycopy(resized, 0, all, i * newEach, newEach);
    }
    return Latent.of(all, given.downscale(), pictures, given.channels(), height, width);
  }

  /** The middle part that has the wanted shape, as ComfyUI's {@code common_upscale} cuts it. */
  private static Latent cropped(Latent latent, int height, int width) {
    Cut cut = Cut.of(latent.width(), latent.height(), width, height);
    int planes = latent.batch() * latent.channels();
    float[] part = new float[planes * cut.height() * cut.width()];
    int at = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int y = cut.y(); y < cut.y() + cut.height(); y++) {
        int from = (plane * latent.height() + y) * latent.width() + cut.x();
        System.arraycopy(latent.samples(), from, part, at, cut.width());
        at += cut.width();
      }
    }
    return new Latent(
        part,
        new long[] {latent.batch(), latent.channels(), cut.height(), cut.width()},
        latent.downscale(),
        Optional.empty());
  }
}
