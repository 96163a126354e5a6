package io.github.kolors4j.juicer;

import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.progress.Work;

/** How far a recipe has come for those who watch, and how they stop it. */
final class RecipeProgress {
  private RecipeProgress() {}

  /**
   * Says how many samples there were, and about how many there are.
   *
   * @param share of the source that has been read, from 0 to 1
   */
  static void report(Work work, long count, double share) {
    work.total(share > 0 ? Math.max(count, Math.round(count / share)) : 0);
    work.advanceTo(count);
  }

  /**
   * @throws StoppedException if a person wants it to stop, or the thread is interrupted
   */
  static void check(Work work) {
    if (work.stopRequested()) {
      throw new StoppedException(
          "配方停在第 %d 个样本，什么都没有写出；再运行一次即可。(The recipe was stopped after %d samples and wrote nothing: run it again.)"
              .formatted(work.done(), work.done()));
    }
  }
}
