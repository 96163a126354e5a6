package io.github.kolors4j.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps two notebooks from writing the same folder at once. The operating system frees the lock of
 * a process that ends, however it ends, so none is ever left behind.
 */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "lock";

  /** File locks are held by a process; this keeps its threads apart. */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for the folder.
   *
   * @throws HubException if it does not become free in {@code patience}
   */
  static FolderLock take(Path folder, Duration patience, HubListener listener, StopCheck stop)
      throws IOException {
    Files.createDirectories(folder.resolve(OwnFolder.NAME));
    Path file = folder.resolve(OwnFolder.NAME).toRealPath().resolve(NAME);
    long since = System.nanoTime();
    boolean told = false;
    while (true) {
      FolderLock lock = tryTake(file, listener);
      if (lock != null) {
        return lock;
      }
      if (!told) {
        listener.notice(
            "Another notebook or process is downloading to " + folder + ": waiting for it.");
        told = true;
      }
      if (System.nanoTime() - since > patience.toNanos()) {
        throw new HubException(
            "Another notebook or process has been downloading to %s for more than %d s. Wait for it, or stop it, and run this again."
                .formatted(folder, patience.toSeconds()));
      }
      stop.pause(LOOK_EVERY);
    }
  }

  private static FolderLock tryTake(Path file, HubListener listener) throws IOException {
    if (!HELD_HERE.add(file)) {
      return null;
    }
    FolderLock taken = null;
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel, file, listener)) {
        taken = new FolderLock(file, channel);
      }
      return taken;
    } finally {
      if (taken == null) {
        HELD_HERE.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Network drives there are that know no locks: no reason not to download to them. */
  private static boolean isLocked(FileChannel channel, Path file, HubListener listener) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      listener.notice(
          "The disk of %s knows no locks (%s): do not download to this folder from two notebooks at once."
              .formatted(file, e.getMessage()));
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
