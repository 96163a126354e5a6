package io.github.kolors4j.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts the scans of a JPEG. A progressive one has about ten, each of which passes over the whole
 * picture; a file of some kilobytes can hold thousands, and decode for hours.
 */
final class JpegScans {
  private static final int MAX_SCANS = 200;
  private static final int START_OF_SCAN = 0xda;

  private JpegScans() {}

  /**
   * Looks through the file; within compressed data no marker occurs, as 0xff is escaped there.
   *
   * @throws PictureException if it has more than 200 scans
   */
  static void requireFew(Path file) throws IOException {
    int scans = 0;
    int before = 0;
    byte[] block = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(block); length > 0; length = in.read(block)) {
        for (int i = 0; i < length; i++) {
          int now = block[i] & 0xff;
          if (before == 0xff && now == START_OF_SCAN) {
            scans++;
          }
          before = now;
        }
      }
    }
    if (scans > MAX_SCANS) {
      throw new PictureException(
          file, "has " + scans + " scans, more than the " + MAX_SCANS + " that are decoded");
    }
  }
}
