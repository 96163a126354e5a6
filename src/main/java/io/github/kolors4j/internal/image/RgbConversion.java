package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Any {@link BufferedImage} as {@link BufferedImage#TYPE_INT_RGB}, by the stored sample values.
 * Java's own {@code getRGB} would brighten grey pictures (it takes their values for linear light)
 * and apply embedded colour profiles; Pillow does neither. Samples of more than 16 bits are
 * refused.
 */
public final class RgbConversion {
  private static final VarHandle FOUR_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private RgbConversion() {}

  /** The picture with its alpha dropped; the picture itself if it is RGB already. */
  public static BufferedImage toRgb(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
      return picture;
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
    boolean byColorModel =
        picture.getColorModel() instanceof IndexColorModel || picture.isAlphaPremultiplied();
    if (byColorModel) {
      picture.getRGB(0, 0, width, height, pixels, 0, width);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] &= 0xffffff;
      }
      return rgb;
    }
    copy(picture.getRaster(), pixels);
    return rgb;
  }

  /**
   * A picture's pixels, row by row, as {@code 0x00RRGGBB}: to be read only, as they may be the
   * picture's own.
   */
  public static int[] pixels(BufferedImage picture) {
    BufferedImage rgb = toRgb(picture);
    int count = rgb.getWidth() * rgb.getHeight();
    // A part of a larger picture shares the larger one's pixels.
    if (rgb.getRaster().getDataBuffer() instanceof DataBufferInt own && own.getSize() == count) {
      return own.getData();
    }
    int[] pixels = new int[count];
    // Not getRGB, which asks the colour model about each pixel.
    rgb.getRaster().getDataElements(0, 0, rgb.getWidth(), rgb.getHeight(), pixels);
    return pixels;
  }

  /** A picture of these pixels, {@code 0xRRGGBB} row by row. */
  public static BufferedImage picture(int[] pixels, int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] target = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < target.length; i++) {
      target[i] = pixels[i] & 0xffffff;
    }
    return picture;
  }

  /** Samples that are grey, or red, green and blue; further ones are dropped. */
  static BufferedImage toRgb(Raster samples) {
    int[] pixels = new int[samples.getWidth() * samples.getHeight()];
    copy(samples, pixels);
    return picture(pixels, samples.getWidth(), samples.getHeight());
  }

  private static void copy(Raster raster, int[] pixels) {
    SampleModel samples = raster.getSampleModel();
    if (copyBytes(raster, pixels)) {
      return;
    }
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    int bits = samples.getSampleSize(0);
    if (bits > 16) {
      throw new IllegalArgumentException("it has " + bits + " bits a sample; 16 are the most");
    }
    int[] row = new int[width * bands];
    int minX = raster.getMinX();
    int minY = raster.getMinY();
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(minX, minY + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        pixels[y * width + x] =
            toByte(row[at], bits, bands) << 16
                | toByte(row[at + green], bits, bands) << 8
                | toByte(row[at + blue], bits, bands);
      }
    }
  }

  /**
   * The same for samples that are whole bytes, several times as fast: nearly all pictures are such.
   *
   * @return false if they are not
   */
  private static boolean copyBytes(Raster raster, int[] pixels) {
    if (!(raster.getSampleModel() instanceof ComponentSampleModel samples)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || buffer.getNumBanks() != 1) {
      return false;
    }
    int bands = raster.getNumBands();
    int[] offsets = samples.getBandOffsets();
    int red = offsets[0];
    int green = offsets[bands >= 3 ? 1 : 0];
    int blue = offsets[bands >= 3 ? 2 : 0];
    int step = samples.getPixelStride();
    int start =
        buffer.getOffset()
            + (raster.getMinY() - raster.getSampleModelTranslateY()) * samples.getScanlineStride()
            + (raster.getMinX() - raster.getSampleModelTranslateX()) * step;
    byte[] bytes = buffer.getData();
    int width = raster.getWidth();
    boolean inOrder = step == 3 && green == red + 1 && blue == red + 2;
    for (int y = 0; y < raster.getHeight(); y++) {
      int at = start + y * samples.getScanlineStride();
      int to = y * width;
      int x = 0;
      if (inOrder) {
        // Four bytes are read for three, which the very last pixel does not have.
        int readable = Math.min(width, (bytes.length - at - red - 1) / 3);
        for (; x < readable; x++) {
          pixels[to + x] = (int) FOUR_BYTES.get(bytes, at + red + 3 * x) >>> 8;
        }
      }
      for (; x < width; x++) {
        int from = at + step * x;
        pixels[to + x] =
            (bytes[from + red] & 0xff) << 16
                | (bytes[from + green] & 0xff) << 8
                | bytes[from + blue] & 0xff;
      }
    }
    return true;
  }

  /** Pillow keeps the upper byte of a colour, but clips a lone grey of 16 bits at 255. */
  private static int toByte(int sample, int bits, int bands) {
    if (bits == 16 && bands == 1) {
      return Math.min(sample, 255);
    }
    if (bits == 8) {
      return sample;
    }
    return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
