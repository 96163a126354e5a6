package io.github.kolors4j.hub;

import io.github.kolors4j.internal.files.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps two notebooks from writing the same folder at once. The operating system frees the lock of
 * a process that ends, however it ends, so none is ever left behind.
 */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "lock";

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final LockFile lock;

  private FolderLock(LockFile lock) {
    this.lock = lock;
  }

  /**
   * Waits for the folder.
   *
   * @throws HubException if it does not become free in {@code retryPolicy}
   */
  static FolderLock take(Path folder, Duration retryPolicy, HubListener listener, StopCheck stop)
      throws IOException {
    Files.createDirectories(folder.resolve(OwnFolder.NAME));
    Path file = folder.resolve(OwnFolder.NAME).toRealPath().resolve(NAME);
    long since = System.nanoTime();
    boolean told = false;
    while (true) {
      Optional<LockFile> lock = LockFile.tryTake(file, reason -> noLocks(file, reason, listener));
      if (lock.isPresent()) {
        return new FolderLock(lock.get());
      }
      if (!told) {
        listener.notice(
            "Another notebook or process is downloading to " + folder + ": waiting for it.");
        told = true;
      }
      if (System.nanoTime() - since > retryPolicy.toNanos()) {
        throw new HubException(
            "Another notebook or process has been downloading to %s for more than %d s. Wait for it, or stop it, and run this again."
                .formatted(folder, retryPolicy.toSeconds()));
      }
      stop.pause(LOOK_EVERY);
    }
  }

  /** Network drives there are that know no locks: no reason not to download to them. */
  private static void noLocks(Path file, String reason, HubListener listener) {
    listener.notice(
        "The disk of %s knows no locks (%s): do not download to this folder from two notebooks at once."
            .formatted(file, reason));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
