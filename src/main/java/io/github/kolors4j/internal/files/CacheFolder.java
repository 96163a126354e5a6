package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where this user's programs keep what they can make again: the system's usual place. */
public final class CacheFolder {
  /** Names another folder. */
  static final String PROPERTY = "kolors4j.cache";

  /** Names another folder where the property does not. */
  static final String VARIABLE = "KOLORS4J_CACHE";

  /** What a message says to those who want another folder. */
  static final String ADVICE =
      "name another folder with -D" + PROPERTY + "=FOLDER or the variable " + VARIABLE;

  private static final String NAME = "kolors4j";

  private CacheFolder() {}

  /**
   * The library's cache on this machine; not made.
   *
   * @throws IOException if the system names no folder of this user
   */
  public static Path find() throws IOException {
    return find(System::getProperty, System.getenv());
  }

  static Path find(Function<String, @Nullable String> property, Map<String, String> environment)
      throws IOException {
    for (String named :
        new @Nullable String[] {property.apply(PROPERTY), environment.get(VARIABLE)}) {
      if (named != null && !named.isBlank()) {
        return Path.of(named).toAbsolutePath();
      }
    }
    OperatingSystem system = OperatingSystem.of(String.valueOf(property.apply("os.name")));
    boolean windows = system == OperatingSystem.WINDOWS;
    String given = environment.get(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    // A relative one does not count: the XDG Base Directory Specification says so.
    if (given != null && Path.of(given).isAbsolute()) {
      return Path.of(given).resolve(NAME);
    }
    Path home = home(property.apply("user.home"), environment.get("HOME"));
    if (windows) {
      return home.resolve("AppData").resolve("Local").resolve(NAME);
    }
    return system == OperatingSystem.MAC
        ? home.resolve("Library").resolve("Caches").resolve(NAME)
        : home.resolve(".cache").resolve(NAME);
  }

  /** Java says "?" of a user whom the system does not know, as in some containers. */
  private static Path home(@Nullable String ofJava, @Nullable String ofEnvironment)
      throws IOException {
    for (String home : new @Nullable String[] {ofJava, ofEnvironment}) {
      if (home != null && Path.of(home).isAbsolute()) {
        return Path.of(home);
      }
    }
    throw new IOException("this user has no home folder, where a cache would be: " + ADVICE);
  }
}
