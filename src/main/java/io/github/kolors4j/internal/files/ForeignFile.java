package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files that came from elsewhere, such as a model's configuration: from the disk only, and
 * not more than such a file can have.
 */
public final class ForeignFile {
  private ForeignFile() {}

  /**
   * Checks that a path leads to a file with an end: a pipe, socket or device would be waited for.
   *
   * @throws NoSuchFileException if there is nothing
   * @throws IOException if it is a folder or no regular file
   */
  public static void requireRegular(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      return;
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    RegularFile.require(file);
    throw new IOException("it is a folder; give the file in it");
  }

  /**
   * Reads a file whole.
   *
   * @param maxBytes more than any such file has
   * @throws IOException if it is larger, no regular file, or cannot be read
   */
  public static byte[] bytes(Path file, int maxBytes) throws IOException {
    requireRegular(file);
    long size = Files.size(file);
    if (size > maxBytes) {
      throw new IOException(
          "it has %,d bytes, and at most %,d are read: it is another file"
              .formatted(size, maxBytes));
    }
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(maxBytes);
    }
  }

  /**
   * Reads a text in UTF-8 whole.
   *
   * @throws IOException as {@link #bytes}, or if it is in another encoding
   */
  public static String text(Path file, int maxBytes) throws IOException {
    byte[] bytes = bytes(file, maxBytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is no text in UTF-8; download or save it again", e);
    }
  }
}
