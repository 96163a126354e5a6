package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.internal.image.RgbConversion;
import java.awt.image.BufferedImage;

/** Pictures in another size. */
public final class ResizedPicture {
  private ResizedPicture() {}

  /**
   * @param method ComfyUI's name: {@code lanczos}, or one of {@link Interpolation}
   * @param crop whether what is too long on one side is cut off there, rather than pressed
   */
  public static BufferedImage of(
      BufferedImage picture, String method, int width, int height, boolean crop) {
    BufferedImage given = picture;
    if (crop) {
      Cut cut = Cut.of(picture.getWidth(), picture.getHeight(), width, height);
      given = Pictures.crop(picture, cut.x(), cut.y(), cut.width(), cut.height());
    }
    if (method.equals("lanczos")) {
      return Resampling.LANCZOS.resize(given, width, height);
    }
    int[] pixels = RgbConversion.pixels(given);
    float[] planes = new float[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      for (int colour = 0; colour < 3; colour++) {
        planes[colour * pixels.length + i] = pixels[i] >> (16 - 8 * colour) & 0xff;
      }
    }
    float[] resized =
        Interpolation.named(method)
            .resize(planes, 3, given.getHeight(), given.getWidth(), height, width);
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int count = width * height;
    int[] rgb = new int[count];
    for (int i = 0; i < count; i++) {
      rgb[i] =
          rounded(resized[i]) << 16
              | rounded(resized[count + i]) << 8
              | rounded(resized[2 * count + i]);
    }
    result.setRGB(0, 0, width, height, rgb, 0, width);
    return result;
  }

  private static int rounded(float value) {
    return Math.max(0, Math.min(255, Math.round(value)));
  }
}
