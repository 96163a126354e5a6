package io.github.kolors4j.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.formats.jpeg.JpegImageMetadata;
import org.apache.commons.imaging.formats.jpeg.JpegImageParser;
import org.apache.commons.imaging.formats.jpeg.JpegImagingParameters;
import org.apache.commons.imaging.formats.png.PngImageMetadata;
import org.apache.commons.imaging.formats.png.PngImageParser;
import org.apache.commons.imaging.formats.png.PngImagingParameters;
import org.apache.commons.imaging.formats.tiff.TiffField;
import org.apache.commons.imaging.formats.tiff.TiffImageMetadata;
import org.apache.commons.imaging.formats.tiff.constants.TiffTagConstants;
import org.apache.commons.imaging.formats.webp.WebPImageMetadata;
import org.apache.commons.imaging.formats.webp.WebPImageParser;
import org.apache.commons.imaging.formats.webp.WebPImagingParameters;

/** Finds a picture's {@link Orientation} among its EXIF data. */
final class ExifOrientation {
  private ExifOrientation() {}

  /**
   * The orientation that is still to be applied to what {@link PictureFile#read} gives; upright if
   * there are no EXIF data or they are damaged.
   */
  static Orientation of(Path file, PictureHeader header) {
    try {
      TiffImageMetadata exif = exif(ByteSource.file(file.toFile()), header.format());
      TiffField field = exif == null ? null : exif.findField(TiffTagConstants.TIFF_TAG_ORIENTATION);
      return field == null ? Orientation.UPRIGHT : Orientation.of(field.getIntValue());
    } catch (IOException | RuntimeException e) {
      return Orientation.UPRIGHT;
    }
  }

  /** Null if there are none; those of a TIFF have been applied. */
  private static TiffImageMetadata exif(ByteSource file, String format) throws IOException {
    return switch (format) {
      case "JPEG" ->
          new JpegImageParser().getMetadata(file, new JpegImagingParameters())
                  instanceof JpegImageMetadata jpeg
              ? jpeg.getExif()
              : null;
      case "PNG" ->
          new PngImageParser().getMetadata(file, new PngImagingParameters())
                  instanceof PngImageMetadata png
              ? png.getExif()
              : null;
      case "WEBP" -> {
        WebPImageMetadata webp =
            new WebPImageParser().getMetadata(file, new WebPImagingParameters());
        yield webp == null ? null : webp.getExif();
      }
      default -> null;
    };
  }

  /** The orientation of a TIFF, which Pillow applies by itself. */
  static Orientation ofTiff(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return TiffDirectory.read(file, in).orientation();
    }
  }
}
