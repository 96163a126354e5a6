package io.github.kolors4j.cli;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.kolors4j.internal.files.OperatingSystem;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a command as a person typed them on Windows. There {@code java} reads them in
 * the encoding of the country that Windows is set to: on a Western one each Chinese character
 * becomes a question mark. And it takes {@code ?} and {@code *} for file names: a prompt of seven
 * characters became {@code pom.xml}. Windows itself knows the line in Unicode.
 *
 * @see <a
 *     href="https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw">
 *     CommandLineToArgvW</a>
 */
final class WindowsArguments {
  private WindowsArguments() {}

  /** What was typed, or the arguments themselves on another system. */
  static String[] asTyped(String[] arguments) {
    String command = System.getProperty("sun.java.command");
    if (OperatingSystem.here() != OperatingSystem.WINDOWS
        || arguments.length == 0
        || command == null) {
      return arguments;
    }
    List<String> typed = behindProgram(words(), command);
    return typed == null ? arguments : typed.toArray(String[]::new);
  }

  /**
   * The words behind the program's name; null where it is not among them, as where a file of
   * options ({@code java @file}) has it.
   *
   * @param words of the whole line, {@code java} the first
   * @param command the main class or the jar, as Java was told it, then the arguments as Java read
   *     them
   */
  static @Nullable List<String> behindProgram(List<String> words, String command) {
    String mainClass = command.split(" ", 2)[0];
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).equals("-jar") && i + 1 < words.size()) {
        return words.subList(i + 2, words.size());
      }
      if (words.get(i).equals(mainClass)) {
        return words.subList(i + 1, words.size());
      }
    }
    return null;
  }

  private static List<String> words() {
    Pointer line =
        (Pointer) function("kernel32", "GetCommandLineW").invoke(Pointer.class, new Object[0]);
    IntByReference count = new IntByReference();
    Pointer words =
        (Pointer)
            function("shell32", "CommandLineToArgvW")
                .invoke(Pointer.class, new Object[] {line, count});
    try {
      return Stream.of(words.getPointerArray(0, count.getValue()))
          .map(word -> word.getWideString(0))
          .toList();
    } finally {
      function("kernel32", "LocalFree").invoke(Pointer.class, new Object[] {words});
    }
  }

  private static Function function(String library, String name) {
    return NativeLibrary.getInstance(library).getFunction(name);
  }
}
