package io.github.kolors4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.apache.commons.imaging.Imaging;

/**
 * Reads and writes picture files. What is read comes as {@link BufferedImage#TYPE_INT_RGB}, with
 * the pixels that Pillow's {@code Image.open(file).convert("RGB")} gives: alpha is dropped, colour
 * profiles and EXIF rotation are not applied.
 *
 * <p>Commons Imaging decodes; ImageIO steps in where it falls short (JPEG and WebP pixels, rare
 * variants of the others).
 */
public final class PictureFile {
  /**
   * The most pixels a picture may have (Pillow's {@code MAX_IMAGE_PIXELS}). A file of some
   * kilobytes can claim billions of them: this is looked up in the header, before memory is taken.
   */
  public static final long MAX_PIXELS = 89_478_485;

  private static final float JPEG_QUALITY = 0.95f;

  private PictureFile() {}

  /**
   * Decodes the first (or only) picture of a file.
   *
   * @throws PictureException naming the file and the reason: missing, not a picture, truncated,
   *     damaged, or more than {@link #MAX_PIXELS} pixels
   */
  public static BufferedImage read(Path file) {
    PictureHeader header = PictureHeader.read(file);
    if (header.pixels() > MAX_PIXELS) {
      throw new PictureException(
          file,
          String.format(
              Locale.ROOT,
              "claims %d×%d pixels, more than the %,d that are decoded (a decompression bomb?)",
              header.width(),
              header.height(),
              MAX_PIXELS));
    }
    // The WebP decoder leaves missing pixels black without a word; the others notice.
    if (header.format().equals("WEBP") && !PictureEnding.isComplete(file, header.format())) {
      throw new PictureException(file, "is truncated: it is shorter than its header says");
    }
    try {
      BufferedImage picture =
          switch (header.format()) {
            case "JPEG", "WEBP" -> readWithImageIo(file, header);
            default -> readWithCommonsImaging(file, header);
          };
      return RgbConversion.toRgb(picture);
    } catch (IOException | RuntimeException e) {
      if (e instanceof PictureException already) {
        throw already;
      }
      throw new PictureException(
          file, "does not decode (" + header.format() + "): " + reasonOf(e), e);
    }
  }

  /** Width, height and format from the header alone. */
  public static PictureHeader header(Path file) {
    return PictureHeader.read(file);
  }

  /**
   * Reads the header and looks at the end of the file. Only where the end is not as it should be
   * (or the format does not mark it) are the pixels decoded, to find out whether some are missing.
   *
   * @throws PictureException if it is no picture, or it is truncated
   */
  public static PictureHeader check(Path file) {
    PictureHeader header = PictureHeader.read(file);
    if (!PictureEnding.isComplete(file, header.format())) {
      read(file);
    }
    return header;
  }

  private static BufferedImage readWithCommonsImaging(Path file, PictureHeader header)
      throws IOException {
    BufferedImage picture;
    try {
      picture = Imaging.getBufferedImage(Files.readAllBytes(file));
    } catch (IOException | RuntimeException first) {
      try {
        return readWithImageIo(file, header);
      } catch (IOException | RuntimeException second) {
        first.addSuppressed(second);
        throw first;
      }
    }
    // Commons Imaging stores grey through Java's colour conversion, which changes the values.
    boolean grey = picture.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    return grey ? readWithImageIo(file, header) : picture;
  }

  private static BufferedImage readWithImageIo(Path file, PictureHeader header) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(header.format());
      if (!readers.hasNext()) {
        throw new IOException("no decoder for " + header.format() + " is on the class path");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, false, true);
        StringBuilder truncation = new StringBuilder();
        reader.addIIOReadWarningListener(
            (source, warning) -> {
              // The JDK's JPEG decoder fills what is missing with grey and only warns.
              if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                truncation.append("is truncated (").append(warning).append(')');
              }
            });
        BufferedImage picture = decode(reader, file);
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
  private static BufferedImage decode(ImageReader reader, Path file) throws IOException {
    try {
      BufferedImage picture = reader.read(0);
      if (picture.getColorModel().getColorSpace().getType() != ColorSpace.TYPE_CMYK) {
        return picture;
      }
    } catch (IIOException e) {
      if (!reader.canReadRaster() || reader.readRaster(0, null).getNumBands() != 4) {
        throw e;
      }
    }
    return CmykJpeg.toRgb(reader.readRaster(0, null), Files.readAllBytes(file));
  }

  private static String reasonOf(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  /**
   * Writes a picture; the name's ending says how: {@code .png} or {@code .jpg}/{@code .jpeg}
   * (quality 95, no alpha). It is written beside the target and moved into place when complete.
   *
   * @throws PictureException if the ending is another one or the disk refuses
   */
  public static void write(BufferedImage picture, Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".png")) {
        AtomicFile.write(
            file,
            out -> {
              if (!ImageIO.write(picture, "png", out)) {
                throw new IOException("no PNG encoder takes this kind of picture");
              }
            });
      } else if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
        writeJpeg(RgbConversion.toRgb(picture), file);
      } else {
        throw new PictureException(file, "the name must end in .png, .jpg or .jpeg");
      }
    } catch (IOException e) {
      throw new PictureException(file, "could not be written: " + reasonOf(e), e);
    }
  }

  private static void writeJpeg(BufferedImage picture, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(JPEG_QUALITY);
      AtomicFile.write(
          file,
          out -> {
            try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
              writer.setOutput(stream);
              writer.write(null, new IIOImage(picture, null, null), parameters);
            }
          });
    } finally {
      writer.dispose();
    }
  }
}
