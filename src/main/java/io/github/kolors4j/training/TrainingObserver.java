package io.github.kolors4j.training;

import io.github.kolors4j.internal.progress.Work;
import java.util.function.BooleanSupplier;

/**
 * Who hears of a training, and may stop it.
 *
 * @param stopWhen asked again and again whether to stop
 */
record TrainingObserver(TrainingListener listener, BooleanSupplier stopWhen) {
  /** Notices are logged; nothing stops. */
  static final TrainingObserver NOBODY =
      new TrainingObserver(new TrainingListener() {}, () -> false);

  void notice(String message) {
    listener.notice(message);
  }

  /**
   * Part of a training before its first step, which ends with a {@link TrainingStoppedException} if
   * it is stopped: there is nothing to show yet.
   */
  Work preparing(String name, String unit, long total) {
    Work work = Work.begin(name, unit, total);
    return work.stoppable(stopWhen, () -> new TrainingStoppedException(work));
  }
}
