package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Holds what is about to be read to be a file. A pipe, a socket or a device under a file's name
 * would block for ever, or never end; every file that a person names is looked at here before it is
 * opened.
 */
public final class RegularFile {
  private RegularFile() {}

  /**
   * The same path, unless something other than a file or a folder is there. Links are followed. A
   * missing file or a folder is left to who opens it, which does not block.
   *
   * @throws FileSystemException naming the path, if it is a pipe, a socket or a device
   */
  public static Path require(Path file) throws FileSystemException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return file; // opening it says what is wrong
    }
    if (attributes.isOther()) {
      throw new FileSystemException(
          file.toString(),
          null,
          "is a pipe, a socket or a device; only files are read: save its content to a file first");
    }
    return file;
  }
}
