package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.pipeline.KolorsPipeline;

/** A picture's size in pixels, and what a small model that stands in for Kolors makes of it. */
public record PictureSize(int width, int height) {

  /**
   * The size that is drawn. A model draws what the graph asks for; but where kolors-mini was taken
   * in Kolors' place, a picture larger than it was trained for is drawn in the same shape with as
   * many pixels as it can, which is said.
   */
  public PictureSize fitted(KolorsPipeline pipeline, boolean standIn, NodeContext context) {
    int unit = Math.max(8, pipeline.config().vae().downscale());
    long own = (long) pipeline.config().pictureSize() * pipeline.config().pictureSize();
    if (!standIn || (long) width * height <= own) {
      return this;
    }
    double factor = Math.sqrt((double) own / ((double) width * height));
    PictureSize fitted =
        new PictureSize(multiple(width * factor, unit), multiple(height * factor, unit));
    context.say(
        "kolors-mini 只会画小图：%d×%d，不是 %d×%d。(kolors-mini draws small pictures: %d×%d.)"
            .formatted(fitted.width, fitted.height, width, height, fitted.width, fitted.height));
    return fitted;
  }

  private static int multiple(double pixels, int unit) {
    return Math.max(1, (int) Math.round(pixels / unit)) * unit;
  }
}
