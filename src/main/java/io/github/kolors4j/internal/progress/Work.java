package io.github.kolors4j.internal.progress;

import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A piece of long work: what it is, how much of it is done, and whether to stop.
 *
 * <pre>{@code
 * try (Work work = Work.begin("编码图片 (encoding pictures)", "pictures", pictures.size())) {
 *   for (var picture : pictures) {
 *     if (work.stopRequested()) { … }
 *     encode(picture);
 *     work.advance();
 *   }
 * }
 * }</pre>
 *
 * <p>Begun and closed on one thread, in order if within each other; may be advanced and asked from
 * any thread.
 */
public final class Work implements AutoCloseable {
  /** The unit of downloads, which are shown in KiB, MiB and GiB. */
  public static final String BYTES = "bytes";

  private static volatile Supplier<WorkWatcher> usual = () -> WorkWatcher.NONE;
  private static final ThreadLocal<Watched> CURRENT = new ThreadLocal<>();

  /** Who watches this thread, and the piece of work that it is in. */
  private static final class Watched {
    private final WorkWatcher watcher;
    private final boolean chosen;
    private @Nullable Work innermost;

    /**
     * @param chosen whether the watcher was chosen for more than one piece of work
     */
    Watched(WorkWatcher watcher, boolean chosen) {
      this.watcher = watcher;
      this.chosen = chosen;
    }
  }

  private final String name;
  private final String unit;
  private final Watched watched;
  private final @Nullable Work outer;
  private BooleanSupplier stop = () -> false;
  private @Nullable Supplier<? extends RuntimeException> stopping;
  private volatile long startedAt = System.nanoTime();
  private final AtomicLong done = new AtomicLong();
  private volatile long total;
  private volatile long before;
  private volatile String note = "";
  private volatile boolean stopRequested;
  private volatile long endedAt;

  private Work(String name, String unit, long total, Watched watched) {
    this.name = name;
    this.unit = unit;
    this.total = total;
    this.watched = watched;
    outer = watched.innermost;
  }

  /**
   * Begins work of known length.
   *
   * @param name what is done, for a person to read, in Chinese and English
   * @param unit what is counted, in the plural: {@code pictures}
   * @param total how many there are; 0 if that is not known yet
   */
  public static Work begin(String name, String unit, long total) {
    Watched watched = CURRENT.get();
    if (watched == null) {
      watched = new Watched(usual.get(), false);
      CURRENT.set(watched);
    }
    Work work = new Work(name, unit, total, watched);
    watched.innermost = work;
    watched.watcher.began(work);
    return work;
  }

  /** Begins work whose length nobody knows. */
  public static Work begin(String name) {
    return begin(name, "", 0);
  }

  /**
   * Does something under the eyes of a watcher, in place of whoever watches this thread otherwise.
   */
  public static <T> T watchedBy(WorkWatcher watcher, Supplier<T> work) {
    Watched outside = CURRENT.get();
    CURRENT.set(new Watched(watcher, true));
    try {
      return work.get();
    } finally {
      if (outside == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outside);
      }
    }
  }

  /**
   * Who watches from now on where no other watcher was given.
   *
   * @param watcher gives one for each piece of work that is not within another
   */
  public static void usuallyWatchedBy(Supplier<WorkWatcher> watcher) {
    usual = watcher;
  }

  /**
   * What {@link #check} throws once this is to stop, so that it ends in the middle of a picture or
   * a network, too.
   *
   * @param condition another reason to stop
   * @return this
   */
  public Work stoppable(BooleanSupplier condition, Supplier<? extends RuntimeException> exception) {
    stop = condition;
    stopping = exception;
    return this;
  }

  /** Same, without another reason. */
  public Work stoppable(Supplier<? extends RuntimeException> exception) {
    return stoppable(() -> false, exception);
  }

  /**
   * Looks whether the work that this thread is in is to stop: called where long work is made of
   * short pieces, such as a network's layers and a file's tensors.
   *
   * @throws RuntimeException what the innermost {@link #stoppable} work gives, if it is to stop
   */
  public static void check() {
    Watched watched = CURRENT.get();
    Work work = watched == null ? null : watched.innermost;
    for (; work != null; work = work.outer) {
      Supplier<? extends RuntimeException> exception = work.stopping;
      if (exception != null) {
        if (work.stopRequested()) {
          throw exception.get();
        }
        return;
      }
    }
  }

  /** Says that one more is done. */
  public void advance() {
    done.incrementAndGet();
    watched.watcher.advanced(this);
  }

  /** Says how many are done. */
  public void advanceTo(long count) {
    done.set(count);
    watched.watcher.advanced(this);
  }

  /** Same, with something to show beside it, such as the loss. */
  public void advanceTo(long count, String newNote) {
    note = newNote;
    advanceTo(count);
  }

  /** Shows what there is so far, in place of the picture before. */
  public void show(BufferedImage picture) {
    watched.watcher.shown(this, picture);
  }

  /** Says how many there are, once that is known, or known better. */
  public void total(long count) {
    total = count;
  }

  /** Says how many had been done before, and that those to be timed begin now. */
  public void before(long count) {
    before = count;
    done.set(count);
    startedAt = System.nanoTime();
  }

  /**
   * Whether to stop now: the thread that asks was interrupted (its interrupted status stays set),
   * or a person wants it. Once true, always true.
   */
  public boolean stopRequested() {
    if (!stopRequested
        && (Thread.currentThread().isInterrupted()
            || watched.watcher.stopRequested()
            || stop.getAsBoolean())) {
      stopRequested = true;
    }
    return stopRequested;
  }

  public String name() {
    return name;
  }

  /** What is counted; empty if nothing is. */
  public String unit() {
    return unit;
  }

  /** How many there are; 0 if that is not known. */
  public long total() {
    return total;
  }

  public long done() {
    return done.get();
  }

  /** How many had been done before this began. */
  public long before() {
    return before;
  }

  /** Something to show beside it; may be empty. */
  public String note() {
    return note;
  }

  /** Since it, or what is timed of it, began, until it ended or now. */
  public Duration elapsed() {
    return Duration.ofNanos((endedAt == 0 ? System.nanoTime() : endedAt) - startedAt);
  }

  @Override
  public void close() {
    if (endedAt != 0) {
      return;
    }
    endedAt = System.nanoTime();
    watched.innermost = outer;
    if (outer == null && !watched.chosen) {
      CURRENT.remove();
    }
    watched.watcher.ended(this);
  }
}
