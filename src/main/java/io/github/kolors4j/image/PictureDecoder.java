package io.github.kolors4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.formats.bmp.BmpImageParser;
import org.apache.commons.imaging.formats.bmp.BmpImagingParameters;
import org.apache.commons.imaging.formats.tiff.TiffImageParser;
import org.apache.commons.imaging.formats.tiff.TiffImagingParameters;

/**
 * Chooses a decoder by a picture's format. The JDK's ImageIO reads most, as it leaves samples as
 * they are stored; Commons Imaging reads BMP, and those TIFFs that the JDK does not take; libwebp
 * reads WebP.
 */
final class PictureDecoder {
  private static final int MAX_JPEG_HEADER = 1 << 20;

  private PictureDecoder() {}

  /**
   * The picture as it is stored, in whatever type the decoder gives.
   *
   * @param header has been looked at: memory for so many pixels is granted
   */
  static BufferedImage decode(Path file, PictureHeader header) throws IOException {
    return switch (header.format()) {
      case "WEBP" -> WebPFile.read(file, header);
      case "BMP" ->
          new BmpImageParser()
              .getBufferedImage(ByteSource.file(file.toFile()), new BmpImagingParameters());
      case "TIFF" -> tiff(file);
      case "JPEG" -> {
        JpegScans.requireFew(file);
        yield imageIo(file, "JPEG");
      }
      case "GIF" -> gif(file);
      default -> imageIo(file, header.format());
    };
  }

  private static BufferedImage tiff(Path file) throws IOException {
    BufferedImage picture;
    try {
      picture = imageIo(file, "TIFF");
      int colours = picture.getColorModel().getColorSpace().getType();
      if (colours == ColorSpace.TYPE_RGB || colours == ColorSpace.TYPE_GRAY) {
        return picture;
      }
    } catch (IOException | RuntimeException first) {
      try {
        return tiffOfOtherKind(file);
      } catch (IOException | RuntimeException second) {
        first.addSuppressed(second);
        throw first;
      }
    }
    return tiffOfOtherKind(file);
  }

  /** Inks, for example. */
  private static BufferedImage tiffOfOtherKind(Path file) throws IOException {
    byte[] bytes = TiffDirectory.withoutRowsBeyondThePicture(file);
    return new TiffImageParser()
        .getBufferedImage(ByteSource.array(bytes), new TiffImagingParameters());
  }

  private static BufferedImage gif(Path file) throws IOException {
    GifFrame place;
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      place = GifFrame.first(file, in);
    }
    return place.onCanvas(imageIo(file, "GIF"));
  }

  private static BufferedImage imageIo(Path file, String format) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
      if (!readers.hasNext()) {
        throw new IOException("no decoder for " + format + " is on the class path");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, false, true);
        StringBuilder truncation = new StringBuilder();
        reader.addIIOReadWarningListener(
            (source, warning) -> {
              // The JDK's JPEG decoder fills what is missing with grey and only warns.
              if (truncation.isEmpty()
                  && warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                truncation.append("is truncated (").append(warning).append(')');
              }
            });
        BufferedImage picture = read(reader, file);
        if (!truncation.isEmpty()) {
          throw new IOException(truncation.toString());
        }
        return picture;
      } finally {
        reader.dispose();
      }
    }
  }

  /** JPEGs of four inks are read as samples: what the JDK makes of their colours has changed. */
  private static BufferedImage read(ImageReader reader, Path file) throws IOException {
    try {
      BufferedImage picture = reader.read(0, inOrder(reader));
      boolean jpegOfInks =
          picture.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK
              && reader.canReadRaster();
      if (!jpegOfInks) {
        return picture;
      }
    } catch (IIOException e) {
      if (!reader.canReadRaster() || reader.readRaster(0, null).getNumBands() != 4) {
        throw e;
      }
    }
    try (InputStream in = Files.newInputStream(file)) {
      return CmykJpeg.toRgb(reader.readRaster(0, null), in.readNBytes(MAX_JPEG_HEADER));
    }
  }

  /**
   * Asks for red, green and blue in this order, which the decoders have them in, where the JDK
   * would turn them round pixel by pixel. Colour space and values stay as they are.
   */
  private static ImageReadParam inOrder(ImageReader reader) throws IOException {
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
