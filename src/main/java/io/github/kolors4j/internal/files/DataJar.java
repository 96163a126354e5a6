package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of files in a jar on the class path, {@code io/github/kolors4j/data/NAME}, with a list
 * of their checksums beside it, {@code NAME.sha256}. As files are mapped and other programs read
 * them, they are unpacked to the cache, into a folder that is named after the list: another version
 * goes into another folder.
 *
 * <p>A file counts as unpacked when it has the listed checksum. So a run that was killed on the
 * way, a damaged disk and a file that somebody changed are all put right in the same way, file by
 * file, each moved into place when it is whole. One process unpacks at a time; others wait for it.
 */
final class DataJar {
  private static final Logger LOG = LoggerFactory.getLogger(DataJar.class);

  /** Where the build of environment/artifacts puts them. */
  static final String ROOT = "io/github/kolors4j/data/";

  /** As sha256sum writes it, for binary files. */
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](\\S.*)");

  private static final int LONGEST_LIST = 1 << 20;
  private static final int MEGABYTE = 1_000_000;

  private final String name;
  private final ClassLoader loader;
  private final Map<String, String> checksums;
  private final String version;

  private DataJar(String name, ClassLoader loader, Map<String, String> checksums, String version) {
    this.name = name;
    this.loader = loader;
    this.checksums = checksums;
    this.version = version;
  }

  /**
   * The folder of that name on the class path of the library, or of this thread's class loader, if
   * one of them has it.
   *
   * @throws IOException if its list cannot be read
   */
  static Optional<DataJar> find(String name) throws IOException {
    for (ClassLoader loader :
        new @Nullable ClassLoader[] {
          DataJar.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
        }) {
      if (loader != null && loader.getResource(list(name)) != null) {
        return Optional.of(of(name, loader));
      }
    }
    return Optional.empty();
  }

  /** The same on the class path of one loader, which has it. */
  static DataJar of(String name, ClassLoader loader) throws IOException {
    String list;
    try (InputStream in = open(loader, list(name)).getInputStream()) {
      list = new String(in.readNBytes(LONGEST_LIST), StandardCharsets.UTF_8);
    }
    Map<String, String> checksums = new TreeMap<>();
    for (String line : list.split("\\R")) {
      Matcher parts = LINE.matcher(line);
      String path = parts.matches() ? parts.group(2).replace('\\', '/') : "";
      if (!isBelow(path)) {
        throw new IOException(
            "The list %s on the class path has a line that is none of sha256sum's: \"%s\". Take the jar as it was published."
                .formatted(list(name), line));
      }
      checksums.put(path, parts.group(1));
    }
    return new DataJar(name, loader, checksums, Sha256.of(list).substring(0, 12));
  }

  private static String list(String name) {
    return ROOT + name + ".sha256";
  }

  private static boolean isBelow(String path) {
    Path parsed = Path.of(path);
    return !path.isEmpty()
        && !path.startsWith("/")
        && !parsed.isAbsolute()
        && parsed.normalize().equals(parsed)
        && !parsed.startsWith("..");
  }

  private static URLConnection open(ClassLoader loader, String resource) throws IOException {
    URL url = loader.getResource(resource);
    if (url == null) {
      throw new IOException(
          "There is no %s on the class path, though its list names it: take the jar as it was published."
              .formatted(resource));
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false); // so that the jar is closed again
    return connection;
  }

  /**
   * Its files on the disk, looked at one by one.
   *
   * @throws IOException if they cannot be put there; the message, a whole sentence, says what to do
   */
  Path folder() throws IOException {
    Path cache;
    try {
      cache = CacheFolder.find();
    } catch (IOException e) {
      throw new IOException("%s cannot be unpacked: %s.".formatted(name, e.getMessage()), e);
    }
    Path folder = cache.resolve(name + "-" + version);
    try {
      if (!wrong(folder).isEmpty()) {
        Files.createDirectories(cache);
        try (LockFile lock = lock(cache.resolve(name + ".lock"))) {
          List<String> wrong = wrong(folder); // another process may have been here meanwhile
          if (!wrong.isEmpty()) {
            unpack(wrong, folder);
          }
        }
      }
    } catch (IOException e) {
      throw new IOException(
          "%s cannot be unpacked to %s: %s. Make it possible, or %s."
              .formatted(name, folder, reason(e), CacheFolder.ADVICE),
          e);
    }
    return folder;
  }

  /** The files that are missing, or not what the list says. */
  private List<String> wrong(Path folder) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> file : checksums.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !Sha256.of(path).equals(file.getValue())) {
        wrong.add(file.getKey());
      }
    }
    return wrong;
  }

  private static LockFile lock(Path file) throws IOException {
    try {
      while (true) {
        Optional<LockFile> lock =
            LockFile.tryTake(
                file, why -> LOG.warn("{} cannot be locked ({}): going on without.", file, why));
        if (lock.isPresent()) {
          return lock.get();
        }
        Thread.sleep(100); // whoever holds it is done in seconds, or dies and holds it no longer
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted while another process was unpacking", e);
    }
  }

  private void unpack(List<String> files, Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      LOG.warn(
          "In {}, {} of {} files of {} are missing or changed, such as {}: they are unpacked anew.",
          folder,
          files.size(),
          checksums.size(),
          name,
          files.get(0));
    } else {
      LOG.info("{} is unpacked to {}, once.", name, folder);
    }
    requireRoom(files, folder);
    for (String file : files) {
      Path target = folder.resolve(file);
      Path last = Objects.requireNonNull(target.getFileName());
      AsideName.sweep(
          Objects.requireNonNull(target.getParent()), Pattern.compile(Pattern.quote("" + last)));
      AtomicFile.write(
          target,
          out -> {
            try (InputStream in = open(loader, ROOT + name + "/" + file).getInputStream()) {
              if (!Sha256.copy(in, out).equals(checksums.get(file))) {
                throw new IOException(
                    "the jar on the class path is damaged (its %s is not what its list says): delete the jar, so that Maven downloads it again"
                        .formatted(file));
              }
            }
          });
    }
  }

  /** The system's exceptions say by their name what was wrong, ours by their message. */
  private static @Nullable String reason(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }

  private void requireRoom(List<String> files, Path folder) throws IOException {
    long bytes = 0;
    for (String file : files) {
      URLConnection connection = open(loader, ROOT + name + "/" + file);
      bytes += Math.max(0, connection.getContentLengthLong());
      connection.getInputStream().close(); // the length alone leaves the jar open
    }
    requireRoom(bytes, FreeSpace.of(Objects.requireNonNull(folder.getParent())));
  }

  static void requireRoom(long bytes, OptionalLong free) throws IOException {
    if (free.isPresent() && free.getAsLong() < bytes) {
      throw new IOException(
          "it needs %d MB, and %d MB are free there"
              .formatted(bytes / MEGABYTE + 1, free.getAsLong() / MEGABYTE));
    }
  }
}
