package io.github.kolors4j.training;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Hears what happens in a training, on the thread that trains. An exception from one of these
 * methods ends the training; the last saved state stays.
 */
public interface TrainingListener {

  /**
   * Something that a person should know: a picture was skipped, a setting means something else. It
   * is logged unless this method does something else.
   */
  default void notice(String message) {
    LoggerFactory.getLogger(TrainingListener.class).warn(message);
  }

  /**
   * Pictures and captions are being encoded before the first step.
   *
   * @param what is being encoded
   * @param done how many, from 1
   */
  default void preparing(String what, int done, int of) {}

  /** A step was made. */
  default void step(TrainingProgress progress) {}

  /**
   * The loss on the held-back pictures was computed.
   *
   * @param step the number of steps made so far
   */
  default void validation(long step, double loss) {}

  /**
   * A sample picture was made.
   *
   * @param step the number of steps made so far: 0 for what the model draws before
   */
  default void sample(long step, BufferedImage picture) {}

  /** A checkpoint was written, and the state to resume from beside it. */
  default void checkpoint(long step, Path file) {}
}
