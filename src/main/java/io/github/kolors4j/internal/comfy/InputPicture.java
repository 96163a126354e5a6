package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.Mask;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.RgbConversion;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * A picture that a graph starts from.
 *
 * @param rgb without its transparency
 * @param mask where it is transparent: 1 there, 0 where it is not; 64×64 zeros if it never is
 */
public record InputPicture(BufferedImage rgb, Mask mask) {
  private static final int NO_MASK = 64;

  /**
   * The place of a name, which may end in the folder that is meant: {@code a.png [output]}.
   *
   * @throws io.github.kolors4j.comfy.ComfyException if it leads out of the folder
   */
  public static Path place(String name, ComfyFolders folders) {
    for (String type : new String[] {"input", "output", "temp"}) {
      String ending = " [" + type + "]";
      if (name.endsWith(ending)) {
        return ComfyFolders.confined(
            folders.ofType(type), name.substring(0, name.length() - ending.length()));
      }
    }
    return ComfyFolders.confined(folders.input(), name);
  }

  /**
   * Reads it.
   *
   * @throws io.github.kolors4j.image.PictureException if it is not there, or no picture
   */
  public static InputPicture read(String name, ComfyFolders folders) {
    BufferedImage picture = PictureFile.readUpright(place(name, folders));
    return new InputPicture(RgbConversion.toRgb(picture), transparency(picture));
  }

  private static Mask transparency(BufferedImage picture) {
    if (!picture.getColorModel().hasAlpha()) {
      return new Mask(new float[NO_MASK * NO_MASK], NO_MASK, NO_MASK);
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = 1 - (pixels[i] >>> 24) / 255f;
    }
    return new Mask(values, width, height);
  }
}
