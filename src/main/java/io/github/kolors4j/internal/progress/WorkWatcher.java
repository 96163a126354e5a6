package io.github.kolors4j.internal.progress;

import java.awt.image.BufferedImage;

/**
 * Sees long work begin, go on and end; of pieces of work within each other, the outer one first.
 */
public interface WorkWatcher {
  /** Sees nothing and never stops anything. */
  WorkWatcher NONE = new WorkWatcher() {};

  /** Work begins, on the thread that does it. */
  default void began(Work work) {}

  /** It has come further. Called often, and from any thread. */
  default void advanced(Work work) {}

  /** It shows what there is so far. Called often, and from any thread. */
  default void shown(Work work, BufferedImage picture) {}

  /** It is over: done, stopped or failed. */
  default void ended(Work work) {}

  /** Whether a person wants it to stop. Asked often, and from any thread. */
  default boolean stopRequested() {
    return false;
  }
}
