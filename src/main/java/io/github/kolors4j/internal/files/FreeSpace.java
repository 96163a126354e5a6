package io.github.kolors4j.internal.files;

import java.io.File;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much room a folder has. {@link java.nio.file.Files#getFileStore} looks the folder's disk up
 * in the list of mounts, which fails in a chroot and in some containers; this asks for the folder
 * itself.
 */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * The bytes that this process may still write below a folder, or nothing where the system does
   * not say: some network drives do not, and then the attempt alone can tell.
   */
  public static OptionalLong of(Path folder) {
    File file = folder.toFile();
    // 0 stands for "not known", too: a disk without any bytes, used or free, is none. More bytes
    // than a long holds come out negative.
    return file.getTotalSpace() > 0 && file.getUsableSpace() >= 0
        ? OptionalLong.of(file.getUsableSpace())
        : OptionalLong.empty();
  }
}
