package io.github.kolors4j.internal.comfy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where ComfyUI's page is installed. It is a package of its own (PyPI's {@code
 * comfyui-frontend-package}, GPL-3.0), which {@code environment/comfyui-front-end} puts into the
 * user's cache; it is no part of this library.
 */
public final class FrontEnd {
  /** What to do where it is not installed. */
  public static final String HOW_TO_INSTALL =
      "ComfyUI's page is not installed: environment/comfyui-front-end fetches it.";

  private static final String VARIABLE = "KOLORS4J_COMFYUI_FRONT_END";

  private FrontEnd() {}

  /** The folder with {@code index.html}; null if it is nowhere. */
  public static @Nullable Path find() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isEmpty()) {
      return within(Path.of(named)).orElse(null);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache != null && !cache.isEmpty()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache");
    return newest(caches.resolve("kolors4j").resolve("comfyui-front-end")).orElse(null);
  }

  /** The newest of several versions, each in a folder of its name. */
  private static Optional<Path> newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(folder)) {
      return versions
          .sorted(Comparator.comparing(FrontEnd::version).reversed())
          .flatMap(version -> within(version).stream())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Numbers that compare as texts: 1.9.0 before 1.58.1. */
  private static String version(Path folder) {
    StringBuilder version = new StringBuilder();
    for (String part : folder.getFileName().toString().split("\\D+")) {
      version.append("%8s".formatted(part));
    }
    return version.toString();
  }

  /** The folder of the page in the package, whichever of the two is named. */
  public static Optional<Path> within(Path folder) {
    return Stream.of(
            folder, folder.resolve("static"), folder.resolve("comfyui_frontend_package/static"))
        .filter(place -> Files.isRegularFile(place.resolve("index.html")))
        .findFirst();
  }
}
