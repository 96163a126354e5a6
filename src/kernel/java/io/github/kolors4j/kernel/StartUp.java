package io.github.kolors4j.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What every notebook begins with, whatever its kernel: the imports and the library's rendering.
 */
final class StartUp {
  private static final String SCRIPT = "startup.jsh";

  private StartUp() {}

  /** The statements, for JShell. */
  static String script() {
    try (InputStream script = StartUp.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IllegalStateException(
            "kolors4j's jar has no " + SCRIPT + ": build it again, or download it anew.");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + SCRIPT + " in kolors4j's jar", e);
    }
  }
}
