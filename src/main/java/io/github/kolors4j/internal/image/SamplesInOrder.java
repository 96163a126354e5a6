package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/**
 * Asks a decoder for red, green and blue in this order, which it has them in, where the JDK would
 * turn them round pixel by pixel. Colour space and values stay as they are.
 */
final class SamplesInOrder {
  private SamplesInOrder() {}

  static ImageReadParam of(ImageReader reader) throws IOException {
    ImageReadParam parameters = reader.getDefaultReadParam();
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (types.hasNext()) {
      ImageTypeSpecifier first = types.next();
      if (first.getSampleModel() instanceof PixelInterleavedSampleModel samples
          && Arrays.equals(samples.getBandOffsets(), new int[] {2, 1, 0})) {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        WritableRaster raster =
            Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, width, height, 3 * width, 3, new int[] {0, 1, 2}, null);
        parameters.setDestination(new BufferedImage(first.getColorModel(), raster, false, null));
      }
    }
    return parameters;
  }
}
