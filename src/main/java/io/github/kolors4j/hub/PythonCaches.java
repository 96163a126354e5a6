package io.github.kolors4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where Python's {@code modelscope} and {@code huggingface_hub} keep what they downloaded. */
record PythonCaches(Map<String, String> environment) {

  /** The folders that exist, of all layouts that the two have had. */
  List<Path> foldersOf(Repository repository) {
    List<Path> folders = new ArrayList<>();
    modelScope(repository, folders);
    huggingFace(repository, folders);
    return folders.stream().filter(Files::isDirectory).distinct().toList();
  }

  /**
   * Hugging Face's cache names the content of a file by what it hashes to; null where none does.
   */
  static @Nullable Checksum checksumInName(Path cached) throws IOException {
    Path content = cached.toRealPath();
    Path folder = content.getParent();
    if (folder == null || !folder.endsWith("blobs")) {
      return null;
    }
    String name = content.getFileName().toString();
    return Checksum.isSha256(name)
        ? Checksum.sha256(name)
        : name.matches("[0-9a-f]{40}") ? Checksum.gitBlob(name) : null;
  }

  private void modelScope(Repository repository, List<Path> folders) {
    Path root = directory("MODELSCOPE_CACHE", ".cache/modelscope");
    String kind = repository.kind().plural();
    // Dots made trouble in Python's module names, so they are written in another way.
    String name = repository.name().replace(".", "___");
    for (Path base : List.of(root, root.resolve("hub"))) {
      Path snapshots =
          base.resolve(kind)
              .resolve(repository.owner() + "--" + repository.name())
              .resolve("snapshots");
      folders.add(snapshots.resolve(repository.revision()));
      folders.add(base.resolve(kind).resolve(repository.owner()).resolve(name));
      if (repository.kind() == Repository.Kind.MODEL) {
        folders.add(base.resolve(repository.owner()).resolve(name));
      }
    }
  }

  private void huggingFace(Repository repository, List<Path> folders) {
    Path home =
        environment.containsKey("XDG_CACHE_HOME")
            ? Path.of(environment.get("XDG_CACHE_HOME"), "huggingface")
            : home().resolve(".cache/huggingface");
    Path hub = named("HF_HOME", home).resolve("hub");
    Path cache = named("HF_HUB_CACHE", named("HUGGINGFACE_HUB_CACHE", hub));
    Path folder =
        cache.resolve(
            repository.kind().plural() + "--" + repository.owner() + "--" + repository.name());
    Path snapshots = folder.resolve("snapshots");
    folders.add(snapshots.resolve(repository.revision()));
    Path ref = folder.resolve("refs").resolve(repository.revision());
    try {
      if (Files.isRegularFile(ref) && Files.size(ref) < 100) {
        folders.add(snapshots.resolve(Files.readString(ref).strip()));
      }
      if (Files.isDirectory(snapshots)) {
        try (Stream<Path> others = Files.list(snapshots)) {
          others.sorted().forEach(folders::add);
        }
      }
    } catch (IOException e) {
      // A cache that cannot be read is no cache.
    }
  }

  private Path directory(String variable, String otherwise) {
    return named(variable, home().resolve(otherwise));
  }

  private Path named(String variable, Path otherwise) {
    String value = environment.get(variable);
    return value == null || value.isBlank() ? otherwise : Path.of(value);
  }

  private Path home() {
    return named("HOME", Path.of(System.getProperty("user.home")));
  }
}
