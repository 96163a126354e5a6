package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A file by which one process, and one part of it, keeps something to itself. The operating system
 * frees the lock of a process that ends, however it ends, so none is ever left behind; the file
 * itself stays, with the number of the process that held it last.
 */
public final class LockFile implements AutoCloseable {
  /** File locks are held by a process; this keeps its threads apart. */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock if it is free.
   *
   * @param file made if it is not there; its folder must be
   * @param noLocks hears why, if the disk knows no locks: it is held against this process alone
   * @return nothing if another part of this process or another process holds it
   * @throws IOException if the file cannot be written
   */
  public static Optional<LockFile> tryTake(Path file, Consumer<String> noLocks) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path real = folder.toRealPath().resolve(file.getFileName());
    if (!HELD_HERE.add(real)) {
      return Optional.empty();
    }
    LockFile taken = null;
    FileChannel channel = null;
    try {
      channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel, noLocks)) {
        taken = new LockFile(real, channel);
        taken.writeHolder();
      }
      return Optional.ofNullable(taken);
    } finally {
      if (taken == null) {
        HELD_HERE.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static boolean isLocked(FileChannel channel, Consumer<String> noLocks)
      throws ClosedByInterruptException {
    try {
      return channel.tryLock() != null;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      noLocks.accept(e.getMessage()); // some network drives
      return true;
    }
  }

  private void writeHolder() throws IOException {
    channel.truncate(0);
    String holder = "process " + ProcessHandle.current().pid();
    channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
  }

  /** Who holds a lock, or held it last, such as {@code process 4711}; nothing if nobody says. */
  public static Optional<String> holder(Path file) {
    try {
      String holder = Files.readString(file).strip();
      return holder.matches("process \\d{1,10}") ? Optional.of(holder) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
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
