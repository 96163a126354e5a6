package io.github.kolors4j.internal.files;

import java.util.regex.Pattern;

/**
 * Names that Windows reads otherwise than they are written: {@code nul.json} is no file but a
 * device, into which everything vanishes, and {@code a.png.} is {@code a.png}. Names from elsewhere
 * are held against this before something is written there.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/fileio/naming-a-file">Naming files</a>
 */
public final class DeviceName {
  private static final Pattern DEVICE =
      Pattern.compile(
          "(?:CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(?:[.:].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern REFUSED = Pattern.compile("[<>:\"|?*\\p{Cntrl}]");

  private DeviceName() {}

  /**
   * Whether a name is, on this system, that of another file or none.
   *
   * @param name without folders
   */
  public static boolean isMisread(String name) {
    return OperatingSystem.here() == OperatingSystem.WINDOWS && isMisreadOnWindows(name);
  }

  /** The same for Windows, wherever this runs. */
  static boolean isMisreadOnWindows(String name) {
    return DEVICE.matcher(name).matches()
        || REFUSED.matcher(name).find()
        || name.endsWith(".")
        || name.endsWith(" ");
  }
}
