package io.github.kolors4j.hub;

import org.slf4j.LoggerFactory;

/**
 * Hears how a download goes. One call at a time is made, though not always on the same thread. An
 * exception from one of these methods ends the download; what has arrived is kept.
 */
public interface HubListener {

  /**
   * Something that a person should know: a pause because the server is busy, another notebook that
   * downloads the same. It is logged unless this method does something else.
   */
  default void notice(String message) {
    LoggerFactory.getLogger(HubListener.class).warn(message);
  }

  /** Bytes have arrived; at most five calls a second, and one at the end of each file. */
  default void progress(HubProgress progress) {}
}
