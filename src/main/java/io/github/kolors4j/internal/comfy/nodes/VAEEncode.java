package io.github.kolors4j.internal.comfy.nodes;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.comfy.Latent;
import io.github.kolors4j.comfy.Node;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeInputs;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.comfy.PictureSize;
import io.github.kolors4j.internal.comfy.VaeModel;
import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * From pictures to latents. ComfyUI draws a sample of what the autoencoder says, from noise that
 * nobody can repeat; here the sampler draws it from its seed, as diffusers does.
 */
public final class VAEEncode implements Node {
  /** Cut in the middle to multiples of what the autoencoder makes smaller. */
  private static BufferedImage fitted(
      BufferedImage picture, int unit, KolorsPipeline pipeline, VaeModel vae, NodeContext context) {
    PictureSize given = new PictureSize(picture.getWidth(), picture.getHeight());
    PictureSize size = given.fitted(pipeline, vae.standIn(), context);
    if (!size.equals(given)) {
      return Resampling.LANCZOS.resize(picture, size.width(), size.height());
    }
    int width = Math.max(unit, given.width() / unit * unit);
    int height = Math.max(unit, given.height() / unit * unit);
    return width == given.width() && height == given.height()
        ? picture
        : Pictures.centerCrop(picture, width, height);
  }

  @Override
  public NodeDeclaration declaration() {
    return NodeDeclaration.of("VAEEncode")
        .displayName("VAE Encode")
        .category("model/latent")
        .pack("nodes")
        .input("pixels", "IMAGE")
        .input("vae", "VAE")
        .output("LATENT");
  }

  @Override
  public List<Object> run(NodeInputs inputs, NodeContext context) {
    VaeModel vae = inputs.get("vae", VaeModel.class);
    KolorsPipeline pipeline = context.models().vae(vae);
    List<BufferedImage> pictures = inputs.images("pixels");
    int downscale = pipeline.config().vae().downscale();
    float[] means = new float[0];
    float[] deviations = new float[0];
    long[] shape = new long[4];
    for (int i = 0; i < pictures.size(); i++) {
      context.checkStopped();
      BufferedImage picture = fitted(pictures.get(i), downscale, pipeline, vae, context);
      try (NDArray moments = pipeline.encode(picture);
          NDArray mean = pipeline.vae().mean(moments);
          NDArray deviation = pipeline.vae().standardDeviation(moments)) {
        shape = mean.getShape().getShape();
        float[] numbers = mean.toFloatArray();
        if (i == 0) {
          means = new float[pictures.size() * numbers.length];
          deviations = new float[means.length];
        }
        System.arraycopy(numbers, 0, means, i * numbers.length, numbers.length);
        System.arraycopy(
            deviation.toFloatArray(), 0, deviations, i * numbers.length, numbers.length);
      }
    }
    shape[0] = pictures.size();
    return List.of(new Latent(means, shape, downscale, Optional.of(deviations)));
  }
}
