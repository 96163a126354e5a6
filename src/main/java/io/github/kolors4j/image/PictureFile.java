package io.github.kolors4j.image;

import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.image.ExifOrientation;
import io.github.kolors4j.internal.image.Orientation;
import io.github.kolors4j.internal.image.PictureDecoder;
import io.github.kolors4j.internal.image.PictureEncoder;
import io.github.kolors4j.internal.image.PictureHeader;
import io.github.kolors4j.internal.image.RgbConversion;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads and writes picture files: PNG, JPEG, GIF (its first picture), BMP, TIFF and WebP, whatever
 * their names end in. What is read comes as {@link BufferedImage#TYPE_INT_RGB}, with the pixels
 * that Pillow's {@code Image.open(file).convert("RGB")} gives: alpha is dropped, colour profiles
 * are not applied, nor is a camera's rotation (EXIF), except by {@link #readUpright}.
 *
 * <p>A file is not trusted: its header is looked at before memory is taken, and whatever is wrong
 * with it comes as a {@link PictureException}.
 */
public final class PictureFile {
  /**
   * The most pixels a picture may have (Pillow's {@code MAX_IMAGE_PIXELS}). A file of some
   * kilobytes can claim billions of them: this is looked up in the header, before memory is taken.
   */
  public static final long MAX_PIXELS = 89_478_485;

  /** So many pixels are decoded from a file of any length: 4096×4096. */
  private static final long UNSUSPICIOUS_PIXELS = 1 << 24;

  /** A photograph has about ten pixels a byte; only an even area has hundreds. */
  private static final long MAX_PIXELS_A_BYTE = 200;

  private PictureFile() {}

  /**
   * Decodes the first (or only) picture of a file, as it is stored.
   *
   * @throws PictureException naming the file and the reason: missing, not a picture, truncated,
   *     damaged, more than {@link #MAX_PIXELS} pixels, or more than 16 million of them in a file
   *     too short for so many
   */
  public static BufferedImage read(Path file) {
    PictureHeader header = PictureHeader.read(file);
    try {
      requireNoBomb(file, header);
      BufferedImage picture = RgbConversion.toRgb(PictureDecoder.decode(file, header));
      if (header.format().equals("TIFF")) {
        picture = ExifOrientation.ofTiff(file).applyTo(picture);
      }
      if (picture.getWidth() != header.width() || picture.getHeight() != header.height()) {
        throw new PictureException(file, "is damaged: its header gives another size");
      }
      return picture;
    } catch (PictureException e) {
      throw e;
    } catch (EOFException e) {
      throw new PictureException(file, "is truncated or damaged: it ends too early", e);
    } catch (IOException | RuntimeException e) {
      throw new PictureException(
          file, "does not decode (" + header.format() + "): " + reasonOf(e), e);
    } catch (OutOfMemoryError e) {
      throw new PictureException(
          file,
          String.format(
              Locale.ROOT,
              "does not fit into memory with its %d×%d pixels; start Java with more (-Xmx)",
              header.width(),
              header.height()),
          e);
    }
  }

  /**
   * Same, but turned upright if its EXIF data say that the camera was held otherwise, as Pillow's
   * {@code ImageOps.exif_transpose} does. This is for a picture that a person chooses. Training
   * data are read as they are stored, because the original's trainer and data-juicer do so.
   *
   * @throws PictureException as {@link #read}
   */
  public static BufferedImage readUpright(Path file) {
    BufferedImage stored = read(file);
    return ExifOrientation.of(file, PictureHeader.read(file)).applyTo(stored);
  }

  /**
   * Whether {@link #readUpright} would turn or mirror what {@link #read} gives: a portrait
   * photograph, for example, that lies on its side in its file.
   *
   * @throws PictureException if it is no picture
   */
  public static boolean isTurned(Path file) {
    return ExifOrientation.of(file, PictureHeader.read(file)) != Orientation.UPRIGHT;
  }

  /** A file of some kilobytes can claim billions of pixels. */
  private static void requireNoBomb(Path file, PictureHeader header) throws IOException {
    long most =
        Math.min(MAX_PIXELS, Math.max(UNSUSPICIOUS_PIXELS, MAX_PIXELS_A_BYTE * Files.size(file)));
    if (header.pixels() > most) {
      throw new PictureException(
          file,
          String.format(
              Locale.ROOT,
              "claims %d×%d pixels, more than the %,d that are decoded from a file of this length"
                  + " (a decompression bomb?)",
              header.width(),
              header.height(),
              most));
    }
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
        AtomicFile.write(file, out -> PictureEncoder.png(picture, out));
      } else if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
        AtomicFile.write(file, out -> PictureEncoder.jpeg(picture, out));
      } else {
        throw new PictureException(file, "the name must end in .png, .jpg or .jpeg");
      }
    } catch (IOException e) {
      throw new PictureException(file, "could not be written: " + reasonOf(e), e);
    }
  }
}
