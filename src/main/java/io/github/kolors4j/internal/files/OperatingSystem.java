package io.github.kolors4j.internal.files;

import java.util.Locale;

/** The kinds of systems that differ in how files, programs and memory are called. */
public enum OperatingSystem {
  /** Drives and backslashes, and programs that end with {@code .exe}. */
  WINDOWS,
  /** macOS. */
  MAC,
  /** Linux, and whatever is like it. */
  OTHER;

  /** The one that this process runs on. */
  public static OperatingSystem here() {
    return of(System.getProperty("os.name", ""));
  }

  /**
   * @param name as Java calls it: {@code Linux}, {@code Mac OS X}, {@code Windows 11}
   */
  public static OperatingSystem of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("windows") ? WINDOWS : lower.startsWith("mac") ? MAC : OTHER;
  }
}
