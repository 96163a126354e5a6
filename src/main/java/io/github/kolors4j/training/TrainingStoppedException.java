package io.github.kolors4j.training;

import io.github.kolors4j.internal.progress.Work;

/** A training was stopped before its first step, so that there is nothing that it has learned. */
public final class TrainingStoppedException extends TrainingException {
  private static final long serialVersionUID = 1L;

  private static String where(Work preparation) {
    return preparation.total() == 0
        ? preparation.name()
        : "%s %d/%d".formatted(preparation.name(), preparation.done(), preparation.total());
  }

  TrainingStoppedException(Work preparation) {
    super(
        "训练还没走一步就停下了，什么都没有学到；再运行一次即可。(Stopped before the first step, at %s: nothing was learned, and what an earlier run left stays as it was. Run it again.)"
            .formatted(where(preparation)));
  }
}
