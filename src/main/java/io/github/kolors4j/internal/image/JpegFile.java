package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG as Pillow does. What the samples mean is found out here, by the rules of libjpeg
 * ({@code default_decompress_parms} in {@code jdapimin.c}); the JDK's decoder, which has other
 * rules and refuses odd colour profiles, is handed the picture without any marker but those that
 * say what was found.
 */
final class JpegFile {
  private static final int MAX_SCANS = 200;

  private static final Map<Integer, String> OTHER_PROCESSES =
      Map.of(
          0xc3, "without loss",
          0xc5, "hierarchically",
          0xc6, "hierarchically",
          0xc7, "hierarchically",
          0xcb, "without loss, in arithmetic codes",
          0xcd, "hierarchically",
          0xce, "hierarchically",
          0xcf, "hierarchically");

  private JpegFile() {}

  /**
   * Decodes a file.
   *
   * @throws PictureException if it is of a kind that is not read, or truncated
   */
  static BufferedImage read(Path file) throws IOException {
    JpegStream stream = JpegStream.parse(Files.readAllBytes(file), new byte[0]);
    require(file, stream);
    if (stream.components() != 1 && stream.components() != 3 && stream.components() != 4) {
      throw new PictureException(
          file, "is a JPEG of " + stream.components() + " channels; 1, 3 and 4 are read");
    }
    return switch (stream.components()) {
      case 1 -> RgbConversion.toRgb(decode(stream, JpegStream.Colours.AS_STORED));
      case 3 -> RgbConversion.toRgb(decode(stream, stream.colours()));
      default ->
          JpegInks.toRgb(
              decode(stream, JpegStream.Colours.AS_STORED),
              stream.colours() == JpegStream.Colours.LUMA_CHROMA);
    };
  }

  /**
   * Decodes what lies in a TIFF.
   *
   * @param tables the tables that all its parts share, as a JPEG of their own; may be empty
   * @param lumaChroma whether it holds luma and chroma, to be turned into red, green and blue;
   *     otherwise samples are left as they are
   * @return the samples, as many bands as the JPEG has
   */
  static Raster samples(Path file, byte[] jpeg, byte[] tables, boolean lumaChroma)
      throws IOException {
    JpegStream stream = JpegStream.parse(jpeg, tables);
    require(file, stream);
    boolean converted = lumaChroma && stream.components() == 3;
    return decode(
        stream, converted ? JpegStream.Colours.LUMA_CHROMA : JpegStream.Colours.AS_STORED);
  }

  private static void require(Path file, JpegStream stream) {
    if (stream.bits() != 8) {
      throw new PictureException(
          file, "has " + stream.bits() + " bits a sample; of JPEG, 8 are read");
    }
    String process = OTHER_PROCESSES.get(stream.process());
    if (process != null) {
      throw new PictureException(file, "is a JPEG stored " + process + ", which is not read");
    }
    if (stream.scans() > MAX_SCANS) {
      throw new PictureException(
          file,
          "has " + stream.scans() + " scans, more than the " + MAX_SCANS + " that are decoded");
    }
    if (!stream.ended()) {
      throw new PictureException(file, "is truncated: it ends before its picture does");
    }
  }

  private static Raster decode(JpegStream stream, JpegStream.Colours colours) throws IOException {
    List<Integer> shared = stream.componentsOfSharedRows();
    int components = stream.components();
    if (shared.isEmpty()) {
      return decode(stream.clean(colours), components);
    }
    Raster stored = decode(stream.clean(JpegStream.Colours.AS_STORED), components);
    WritableRaster samples = stored.createCompatibleWritableRaster();
    samples.setRect(stored);
    shared.forEach(band -> JpegRows.smooth(samples, band));
    if (components == 3 && colours == JpegStream.Colours.LUMA_CHROMA) {
      JpegRows.toRgb(samples);
    }
    return samples;
  }

  private static Raster decode(byte[] jpeg, int components) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.setInput(in, false, true);
      StringBuilder truncation = new StringBuilder();
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            // The JDK's decoder fills what is missing with grey and only warns.
            if (truncation.isEmpty()
                && warning.toLowerCase(Locale.ROOT).contains("premature end")) {
              truncation.append("is truncated (").append(warning).append(')');
            }
          });
      Raster samples =
          components == 3
              ? reader.read(0, SamplesInOrder.of(reader)).getRaster()
              : reader.readRaster(0, null);
      if (!truncation.isEmpty()) {
        throw new IOException(truncation.toString());
      }
      return samples;
    } catch (IIOException e) {
      String message = String.valueOf(e.getMessage());
      boolean arithmetic = message.contains("SOF type 0xc9") || message.contains("arithmetic");
      throw arithmetic
          ? new IOException("it has arithmetic codes, which this Java's decoder does not read", e)
          : e;
    } finally {
      reader.dispose();
    }
  }
}
