package io.github.kolors4j.training;

import io.github.kolors4j.StoppedException;
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
   * Part of a training before its first step, which ends with a {@link StoppedException} if it is
   * stopped: there is nothing to show yet.
   */
  Work preparing(String name, String unit, long total) {
    Work work = Work.begin(name, unit, total);
    return work.stoppable(stopWhen, () -> stopped(work));
  }

  private static StoppedException stopped(Work preparation) {
    String where =
        preparation.total() == 0
            ? preparation.name()
            : "%s %d/%d".formatted(preparation.name(), preparation.done(), preparation.total());
    return new StoppedException(
        "训练还没走一步就停下了，什么都没有学到；再运行一次即可。(Stopped before the first step, at %s: nothing was learned, and what an earlier run left stays as it was. Run it again.)"
            .formatted(where));
  }
}
