package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Pictures with their alpha, of which {@link PictureFile} knows nothing; PNG alone has any here.
 */
final class AlphaPicture {
  private static final long UNSUSPICIOUS_PIXELS = 1 << 24;
  private static final long MOST_PIXELS_A_BYTE = 200;

  private AlphaPicture() {}

  /**
   * Reads a picture as {@link BufferedImage#TYPE_INT_ARGB}.
   *
   * @throws PictureException as {@link PictureFile#read}
   */
  static BufferedImage read(Path file) {
    PictureHeader header = PictureHeader.read(file);
    if (!header.format().equals("PNG")) {
      return withAlpha(PictureFile.read(file));
    }
    try {
      long most = Math.max(UNSUSPICIOUS_PIXELS, MOST_PIXELS_A_BYTE * Files.size(file));
      if (header.pixels() > Math.min(most, PictureFile.MAX_PIXELS)) {
        throw new PictureException(file, "claims more pixels than are decoded here");
      }
      @Nullable BufferedImage picture = ImageIO.read(file.toFile());
      if (picture == null) {
        throw new PictureException(file, "does not decode");
      }
      return withAlpha(picture);
    } catch (IOException | RuntimeException e) {
      throw e instanceof PictureException known
          ? known
          : new PictureException(file, "does not decode: " + e.getMessage(), e);
    }
  }

  private static BufferedImage withAlpha(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_INT_ARGB) {
      return picture;
    }
    BufferedImage copy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.setComposite(java.awt.AlphaComposite.Src);
    graphics.drawImage(picture, 0, 0, null);
    graphics.dispose();
    return copy;
  }

  /** The colours of one and the alpha of the other, which has the same size. */
  static BufferedImage withAlphaOf(BufferedImage colours, BufferedImage alpha) {
    int width = colours.getWidth();
    BufferedImage both = new BufferedImage(width, colours.getHeight(), BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[width];
    int[] alphas = new int[width];
    for (int y = 0; y < colours.getHeight(); y++) {
      colours.getRGB(0, y, width, 1, row, 0, width);
      alpha.getRGB(0, y, width, 1, alphas, 0, width);
      for (int x = 0; x < width; x++) {
        row[x] = row[x] & 0xffffff | alphas[x] & 0xff000000;
      }
      both.setRGB(0, y, width, 1, row, 0, width);
    }
    return both;
  }
}
