package io.github.kolors4j.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.apache.commons.imaging.Imaging;
import org.apache.commons.imaging.common.ImageMetadata;
import org.apache.commons.imaging.formats.jpeg.JpegImageMetadata;
import org.apache.commons.imaging.formats.png.PngImageMetadata;
import org.apache.commons.imaging.formats.tiff.TiffField;
import org.apache.commons.imaging.formats.tiff.TiffImageMetadata;
import org.apache.commons.imaging.formats.tiff.constants.TiffTagConstants;
import org.apache.commons.imaging.formats.webp.WebPImageMetadata;

/** Finds a picture's {@link Orientation} among its EXIF data. */
final class ExifOrientation {
  private ExifOrientation() {}

  /**
   * The orientation that is still to be applied to what {@link PictureFile#read} gives; upright if
   * there are no EXIF data or they are damaged.
   */
  static Orientation of(Path file, PictureHeader header) {
    if (header.format().equals("TIFF")) {
      return Orientation.UPRIGHT; // has been applied
    }
    try {
      TiffImageMetadata exif = exif(Imaging.getMetadata(file.toFile()));
      TiffField field = exif == null ? null : exif.findField(TiffTagConstants.TIFF_TAG_ORIENTATION);
      return field == null ? Orientation.UPRIGHT : Orientation.of(field.getIntValue());
    } catch (IOException | RuntimeException e) {
      return Orientation.UPRIGHT;
    }
  }

  private static TiffImageMetadata exif(ImageMetadata metadata) {
    if (metadata instanceof JpegImageMetadata jpeg) {
      return jpeg.getExif();
    }
    if (metadata instanceof PngImageMetadata png) {
      return png.getExif();
    }
    return metadata instanceof WebPImageMetadata webp ? webp.getExif() : null;
  }

  /** The orientation of a TIFF, which Pillow applies by itself. */
  static Orientation ofTiff(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return TiffDirectory.read(file, in).orientation();
    }
  }
}
