package io.github.kolors4j.hub;

import io.github.kolors4j.files.FreeSpace;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Brings the wanted files of one repository into one folder, in this order: lock the folder, ask
 * the hub what there is, look what is here or in Python's caches, see that the disk has room,
 * download the rest.
 */
final class RepositoryDownload {
  /** Room that a full disk's owner still needs. */
  private static final long SPARE_ROOM = 64L << 20;

  private final String name;
  private final Repository repository;
  private final Path folder;
  private final HubSettings settings;
  private final StopCheck stop;
  private List<String> required = List.of();
  private Predicate<String> wanted = path -> true;
  private boolean mayBeEmpty;

  /**
   * @param name what the person calls it
   */
  RepositoryDownload(String name, Repository repository, Path folder, HubSettings settings) {
    this.name = name;
    this.repository = repository;
    this.folder = folder.toAbsolutePath().normalize();
    this.settings = settings;
    stop = new StopCheck(settings.stopWhen());
  }

  /** Only these files: some that must be there, and others that are taken along. */
  RepositoryDownload only(List<String> newRequired, Predicate<String> newWanted) {
    required = newRequired;
    wanted = newWanted;
    return this;
  }

  /** No error if the repository has none of the wanted files. */
  RepositoryDownload mayBeEmpty() {
    mayBeEmpty = true;
    return this;
  }

  /**
   * Does it all.
   *
   * @return the folder
   * @throws HubException if a file cannot be had
   */
  Path run() {
    try (FolderLock lock =
        FolderLock.take(folder, settings.patience().lock(), settings.listener(), stop)) {
      if (settings.offline()) {
        findWithoutNetwork("offline mode is on");
      } else {
        findOnline();
      }
      return folder;
    } catch (IOException e) {
      throw new HubException(
          "%s cannot be written to %s: %s. Is the disk full or read-only? What has arrived is kept."
              .formatted(name, folder, e.getMessage()),
          e);
    }
  }

  private void findOnline() throws IOException {
    Http.UnreachableException unreachable = null;
    for (HubServer server : settings.servers(stop)) {
      try {
        List<RemoteFile> listed = server.list(repository, settings.listener()::notice);
        bring(wantedOf(listed, server), server);
        return;
      } catch (Http.UnreachableException e) {
        unreachable = unreachable == null ? e : unreachable;
      }
    }
    if (!isComplete()) {
      throw unreachable;
    }
    settings
        .listener()
        .notice(name + ": the hub does not answer; the files of an earlier download are used.");
  }

  private List<RemoteFile> wantedOf(List<RemoteFile> listed, HubServer server) {
    Set<String> names = new HashSet<>();
    List<RemoteFile> files = new ArrayList<>();
    for (RemoteFile file : listed) {
      if (wanted.test(file.path()) && !file.path().equals(FolderLock.NAME)) {
        SafePath.inside(folder, file.path());
        if (names.add(file.path())) {
          files.add(file);
        }
      }
    }
    List<String> missing = required.stream().filter(path -> !names.contains(path)).toList();
    if (!missing.isEmpty()) {
      throw new HubException(
          "%s has no %s in revision %s of %s. Another revision may have it, or the model has moved."
              .formatted(
                  server.title(),
                  String.join(", ", missing),
                  repository.revision(),
                  repository.id()));
    }
    if (files.isEmpty() && !mayBeEmpty) {
      throw new HubException(
          "%s lists no files for %s: is the name right, and has it been published?"
              .formatted(server.title(), repository.id()));
    }
    return files;
  }

  private void bring(List<RemoteFile> files, HubServer server) throws IOException {
    long total = files.stream().mapToLong(RemoteFile::size).reduce(0, Math::addExact);
    ProgressMeter meter = new ProgressMeter(name, total, settings.listener());
    List<Path> caches = new PythonCaches(settings.environment()).foldersOf(repository);
    List<RemoteFile> missing = new ArrayList<>();
    for (RemoteFile file : files) {
      stop.check();
      Path target = SafePath.inside(folder, file.path());
      SafePath.makeFolders(folder, target);
      if (isHere(target, file.size()) || adopt(file, target, caches)) {
        meter.present(file.size());
      } else {
        missing.add(file);
      }
    }
    checkRoom(missing);
    for (RemoteFile file : missing) {
      Path target = SafePath.inside(folder, file.path());
      new FileDownload(server.http(), file, target, settings.parallel(), meter).run();
    }
    Listing.read(folder, repository).with(files).write(folder);
  }

  private static boolean isHere(Path target, long size) throws IOException {
    return Files.isRegularFile(target) && Files.size(target) == size;
  }

  /** Takes a file from one of Python's caches if it is the one that the hub lists. */
  private boolean adopt(RemoteFile file, Path target, List<Path> caches) throws IOException {
    for (Path cache : caches) {
      Path cached = cache.resolve(file.path());
      if (isHere(cached, file.size())
          && (file.checksum() == null || file.checksum().matches(cached, stop))) {
        link(cached, target);
        return true;
      }
    }
    return false;
  }

  /** A second name for the same bytes where the disk allows it; Python's cache stays as it is. */
  private static void link(Path cached, Path target) throws IOException {
    Path aside = target.resolveSibling(target.getFileName() + ".link");
    Files.deleteIfExists(aside);
    try {
      Files.createLink(aside, cached.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(cached, aside);
    }
    Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private void checkRoom(List<RemoteFile> missing) throws IOException {
    long needed = 0;
    for (RemoteFile file : missing) {
      Path target = SafePath.inside(folder, file.path());
      needed += file.size() - PartialFile.of(target, file, Long.MAX_VALUE).arrived();
    }
    OptionalLong room = FreeSpace.of(folder);
    if (needed > 0 && room.isEmpty()) {
      settings
          .listener()
          .notice(
              "The system does not say how much room %s has: %s needs %s."
                  .formatted(folder, name, HubProgress.size(needed)));
      return;
    }
    long free = room.orElse(0);
    if (needed > 0 && needed > free - SPARE_ROOM) {
      throw new HubException(
          "%s needs %s more on the disk of %s, which has %s free. Make room, or choose a folder on another disk. Nothing was downloaded."
              .formatted(name, HubProgress.size(needed), folder, HubProgress.size(free)));
    }
  }

  private void findWithoutNetwork(String why) throws IOException {
    if (isComplete()) {
      return;
    }
    for (Path cache : new PythonCaches(settings.environment()).foldersOf(repository)) {
      if (adoptAll(cache)) {
        return;
      }
    }
    Set<String> missing = new TreeSet<>(required);
    missing.removeIf(path -> Files.isRegularFile(folder.resolve(path)));
    boolean listed = !Listing.read(folder, repository).files().isEmpty();
    if (!required.isEmpty() && missing.isEmpty() && !listed) {
      // Downloaded by something else, such as the course's Python; nothing says that it is damaged.
      return;
    }
    throw new HubException(
        "%s (%s) is not here whole, and %s: looked in %s and in Python's caches.%s Set HF_HUB_OFFLINE=0 or leave out offline(true) to download it, or copy its files there."
            .formatted(
                name,
                repository.id(),
                why,
                folder,
                missing.isEmpty() ? "" : " Missing are " + String.join(", ", missing) + "."));
  }

  /** Everything wanted from a cache that has all that is required. */
  private boolean adoptAll(Path cache) throws IOException {
    Map<String, Path> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(cache, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String path = cache.relativize(file).toString().replace('\\', '/');
        // What Python's libraries note for themselves begins with a dot.
        if (wanted.test(path) && !path.startsWith(".")) {
          found.put(path, file);
        }
      }
    }
    if (found.isEmpty() || !found.keySet().containsAll(required)) {
      return false;
    }
    for (Map.Entry<String, Path> file : found.entrySet()) {
      Path target = SafePath.inside(folder, file.getKey());
      SafePath.makeFolders(folder, target);
      link(file.getValue(), target);
    }
    return true;
  }

  /** Whether all that an earlier download listed is here. */
  private boolean isComplete() throws IOException {
    Listing listing = Listing.read(folder, repository);
    Set<String> paths = new HashSet<>();
    for (Listing.Entry entry : listing.files()) {
      if (wanted.test(entry.path())) {
        if (!isHere(SafePath.inside(folder, entry.path()), entry.size())) {
          return false;
        }
        paths.add(entry.path());
      }
    }
    boolean known = !paths.isEmpty() || mayBeEmpty && !listing.files().isEmpty();
    return known && paths.containsAll(required);
  }
}
