package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.comfy.Mask;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.ExifOrientation;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

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
   * @throws io.github.kolors4j.comfy.WorkflowException if it leads out of the folder
   */
  public static Path place(String name, ComfyFolders folders) {
    ComfyFolders.Marked marked = ComfyFolders.Marked.of(name, "input");
    return ComfyFolders.confined(folders.ofType(marked.type()), marked.name());
  }

  /**
   * Reads it. Transparency is read from PNG, which is what the page's mask editor saves.
   *
   * @throws io.github.kolors4j.image.PictureException if it is not there, or no picture
   */
  public static InputPicture read(String name, ComfyFolders folders) {
    Path file = place(name, folders);
    BufferedImage rgb = PictureFile.readUpright(file); // which refuses what is too large
    return new InputPicture(rgb, mask(file));
  }

  private static Mask mask(Path file) {
    PictureHeader header = PictureHeader.read(file);
    if (!header.format().equals("PNG")) {
      return new Mask(new float[NO_MASK * NO_MASK], NO_MASK, NO_MASK);
    }
    try {
      BufferedImage picture = ImageIO.read(file.toFile());
      boolean channel =
          picture != null
              && picture.getColorModel().hasAlpha()
              && !(picture.getColorModel() instanceof IndexColorModel);
      return channel
          ? transparency(ExifOrientation.of(file, header).applyTo(picture))
          : new Mask(new float[NO_MASK * NO_MASK], NO_MASK, NO_MASK);
    } catch (IOException e) {
      throw new PictureException(file, "does not decode (PNG): " + e.getMessage(), e);
    }
  }

  private static Mask transparency(BufferedImage picture) {
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
