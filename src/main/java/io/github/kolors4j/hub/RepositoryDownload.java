package io.github.kolors4j.hub;

import io.github.kolors4j.internal.files.FreeSpace;
import io.github.kolors4j.internal.progress.Work;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private final OwnFolder own;
  private final List<String> damaged = new ArrayList<>();
  private boolean mayBeEmpty;

  /** What a person sees and can stop; from the start of {@link #run}. */
  private @Nullable Work work;

  /**
   * @param name what the person calls it
   */
  RepositoryDownload(String name, Repository repository, Path folder, HubSettings settings) {
    this.name = name;
    this.repository = repository;
    this.folder = folder.toAbsolutePath().normalize();
    this.settings = settings;
    own = new OwnFolder(this.folder);
    stop =
        new StopCheck(
            () -> settings.stopWhen().getAsBoolean() || work != null && work.stopRequested());
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
    try (Work downloading = Work.begin("下载 (downloading) " + name, Work.BYTES, 0)) {
      work = downloading;
      return bringAll(downloading);
    }
  }

  private Path bringAll(Work downloading) {
    try (FolderLock lock =
        FolderLock.take(folder, settings.retryPolicy().lock(), settings.listener(), stop)) {
      if (settings.offline()) {
        findWithoutNetwork("offline mode is on");
      } else {
        findOnline(downloading);
      }
      return folder;
    } catch (ClosedByInterruptException e) {
      throw StopCheck.exception(); // no fault of the disk's
    } catch (IOException e) {
      throw new HubException(
          "%s cannot be written to %s: %s. Is the disk full or read-only? What has arrived is kept."
              .formatted(name, folder, e.getMessage()),
          e);
    }
  }

  private void findOnline(Work downloading) throws IOException {
    List<Http.UnreachableException> unreachable = new ArrayList<>();
    for (HubServer server : settings.servers(stop)) {
      try {
        List<RemoteFile> listed = server.list(repository, settings.listener()::notice);
        bring(wantedOf(listed, server), server, downloading);
        own.clean(listed.stream().map(RemoteFile::path).toList());
        return;
      } catch (Http.UnreachableException e) {
        unreachable.add(e);
      }
    }
    if (!isFoundHere()) {
      throw unreachable(unreachable);
    }
    settings
        .listener()
        .notice(name + ": the hub does not answer; the files of an earlier download are used.");
  }

  /** Says why each of the hub's addresses could not be had, and what else there is. */
  private HubException unreachable(List<Http.UnreachableException> failures) {
    String reasons =
        failures.stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("; "));
    String other =
        settings.huggingFace()
            ? "HF_ENDPOINT names a mirror of Hugging Face, such as https://hf-mirror.com; the course's models are on ModelScope, too (Hub.modelScope(), or --from modelscope)"
            : "The course's models are on Hugging Face, too (Hub.huggingFace(), or --from huggingface), of which HF_ENDPOINT names a mirror, such as https://hf-mirror.com";
    return new HubException(
        "%s cannot be had: %s. Is there a network? Behind a proxy, set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT and start again. %s. What is here already is found with offline(true), or --offline."
            .formatted(name, reasons, other),
        failures.get(0));
  }

  private List<RemoteFile> wantedOf(List<RemoteFile> listed, HubServer server) {
    Set<String> names = new HashSet<>();
    List<RemoteFile> files = new ArrayList<>();
    for (RemoteFile file : listed) {
      if (wanted.test(file.path()) && isAllowed(file)) {
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

  private boolean isAllowed(RemoteFile file) {
    if (OwnFolder.holds(file.path())) {
      settings
          .listener()
          .notice(file.path() + " is left out: kolors4j keeps its own notes under this name.");
      return false;
    }
    return true;
  }

  private void bring(List<RemoteFile> files, HubServer server, Work downloading)
      throws IOException {
    long total = total(files);
    downloading.total(total);
    ProgressMeter meter = new ProgressMeter(name, total, settings.listener(), downloading);
    List<Path> caches = new PythonCaches(settings.environment()).foldersOf(repository);
    List<Listing.Entry> here = new ArrayList<>();
    List<RemoteFile> missing = new ArrayList<>();
    Optional<Listing> earlier = Listing.read(own);
    PresentFiles present = new PresentFiles(repository, earlier, settings.listener(), stop);
    for (RemoteFile file : files) {
      stop.check();
      Path target = SafePath.inside(folder, file.path());
      SafePath.makeFolders(folder, target);
      Optional<Checksum> found = present.at(target, file);
      if (found.isEmpty()) {
        Optional<Path> cached = present.among(caches, file);
        if (cached.isPresent()) {
          own.adopt(cached.get(), target);
          found = Optional.ofNullable(file.checksum());
        }
      }
      if (found.isPresent()) {
        here.add(Listing.Entry.of(file.path(), found.get(), target));
        meter.present(file.size());
      } else {
        missing.add(file);
      }
    }
    checkRoom(missing);
    try {
      for (RemoteFile file : missing) {
        Path target = SafePath.inside(folder, file.path());
        Checksum checksum =
            new FileDownload(server.http(), file, own, target, settings.parallel(), meter).run();
        here.add(Listing.Entry.of(file.path(), checksum, target));
      }
    } finally {
      Listing listing = earlier.filter(l -> l.isOf(repository)).orElse(Listing.empty(repository));
      listing.with(here).write(own);
    }
  }

  private long total(List<RemoteFile> files) {
    try {
      return files.stream().mapToLong(RemoteFile::size).reduce(0, Math::addExact);
    } catch (ArithmeticException e) {
      throw new HubException(
          "The hub lists files of %s that are larger than any disk: its list is damaged. Nothing was downloaded."
              .formatted(repository.id()),
          e);
    }
  }

  private void checkRoom(List<RemoteFile> missing) throws IOException {
    long needed = 0;
    for (RemoteFile file : missing) {
      needed += file.size() - PartialFile.of(own, file, Long.MAX_VALUE).arrived();
    }
    OptionalLong room = FreeSpace.of(folder);
    if (needed > 0 && room.isEmpty()) {
      settings
          .listener()
          .notice(
              "The system does not say how much room %s has: %s needs %s."
                  .formatted(folder, name, HubListener.Progress.size(needed)));
      return;
    }
    long free = room.orElse(0);
    if (needed > 0 && needed > free - SPARE_ROOM) {
      throw new HubException(
          "%s needs %s more on the disk of %s, which has %s free. Make room, or choose a folder on another disk. Nothing was downloaded."
              .formatted(
                  name,
                  HubListener.Progress.size(needed),
                  folder,
                  HubListener.Progress.size(free)));
    }
  }

  private void findWithoutNetwork(String why) throws IOException {
    if (isFoundHere()) {
      return;
    }
    Set<String> missing = missing();
    throw new HubException(
        "%s (%s) is not here whole, and %s: looked in %s and in Python's caches.%s%s Set HF_HUB_OFFLINE=0 or leave out offline(true) to download it, or copy its files there."
            .formatted(
                name,
                repository.id(),
                why,
                folder,
                missing.isEmpty() ? "" : " Missing are " + String.join(", ", missing) + ".",
                damaged.isEmpty()
                    ? ""
                    : " Damaged or changed are " + String.join(", ", damaged) + "."));
  }

  /** Whether all that is wanted is here: downloaded, in Python's caches, or brought by hand. */
  private boolean isFoundHere() throws IOException {
    if (isComplete()) {
      return true;
    }
    for (Path cache : new PythonCaches(settings.environment()).foldersOf(repository)) {
      if (adoptAll(cache)) {
        return true;
      }
    }
    boolean brought =
        !required.isEmpty() && missing().isEmpty() && Listing.read(own, repository).isEmpty();
    if (brought) {
      settings
          .listener()
          .notice(
              "%s in %s was brought by another program: whether its files are right was not checked."
                  .formatted(name, folder));
    }
    return brought;
  }

  private Set<String> missing() {
    Set<String> missing = new TreeSet<>(required);
    missing.removeIf(path -> Files.isRegularFile(folder.resolve(path)));
    return missing;
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
    PresentFiles present =
        new PresentFiles(repository, Optional.empty(), settings.listener(), stop);
    List<Listing.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Path> file : found.entrySet()) {
      Checksum named = PythonCaches.checksumInName(file.getValue());
      if (named != null && !present.hasContent(file.getValue(), named)) {
        settings.listener().notice(file.getValue() + " in Python's cache is damaged: not used.");
        return false;
      }
      Path target = SafePath.inside(folder, file.getKey());
      SafePath.makeFolders(folder, target);
      own.adopt(file.getValue(), target);
      Checksum checksum = named == null ? Checksum.of(target, stop) : named;
      entries.add(Listing.Entry.of(file.getKey(), checksum, target));
    }
    Listing.empty(repository).with(entries).write(own);
    return true;
  }

  /** Whether all that an earlier download listed is here, as it was. */
  private boolean isComplete() throws IOException {
    Set<String> paths = new HashSet<>();
    Optional<Listing> earlier = Listing.read(own, repository);
    List<Listing.Entry> listed = earlier.map(Listing::files).orElse(List.of());
    PresentFiles present = new PresentFiles(repository, earlier, settings.listener(), stop);
    damaged.clear();
    for (Listing.Entry entry : listed) {
      if (wanted.test(entry.path())) {
        Path target = SafePath.inside(folder, entry.path());
        if (present.isAsListed(target, entry)) {
          paths.add(entry.path());
        } else {
          damaged.add(entry.path() + (Files.exists(target) ? "" : " (not there)"));
        }
      }
    }
    boolean known = !paths.isEmpty() || mayBeEmpty && !listed.isEmpty();
    return damaged.isEmpty() && known && paths.containsAll(required);
  }
}
