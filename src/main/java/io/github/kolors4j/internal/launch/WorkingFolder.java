package io.github.kolors4j.internal.launch;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.WString;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a process is in, which Java cannot change. {@code -Duser.dir}, given when Java
 * starts, is what {@link Path} and {@link java.io.File#getAbsolutePath} go by; but {@code new
 * FileReader("data/x")} and programs that are started go by the system's own.
 */
final class WorkingFolder {
  private static final int LONGEST = 1 << 15;

  private final boolean windows;

  /**
   * @param machine this one
   */
  WorkingFolder(Machine machine) {
    windows = machine.isWindows();
  }

  /** Where the process is now, whatever {@code -Duser.dir} says. */
  Optional<Path> now() {
    try (Memory path = new Memory(LONGEST)) {
      if (windows) {
        int length = of("kernel32", "GetCurrentDirectoryW").invokeInt(args(LONGEST / 2, path));
        return length == 0 ? Optional.empty() : Optional.of(Path.of(path.getWideString(0)));
      }
      Object found = of(null, "getcwd").invokePointer(args(path, new NativeLong(LONGEST)));
      return found == null ? Optional.empty() : Optional.of(Path.of(path.getString(0)));
    }
  }

  /** Goes to a folder; whether the system did. */
  boolean enter(Path folder) {
    return windows
        ? of("kernel32", "SetCurrentDirectoryW").invokeInt(args(new WString(folder.toString())))
            != 0
        : of(null, "chdir").invokeInt(args(folder.toString())) == 0;
  }

  private static Object[] args(Object... values) {
    return values;
  }

  private static Function of(@Nullable String library, String name) {
    NativeLibrary from =
        library == null ? NativeLibrary.getProcess() : NativeLibrary.getInstance(library);
    return from.getFunction(name);
  }
}
