package io.github.kolors4j.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.StoppedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkTest {
  private final List<String> seen = new ArrayList<>();
  private boolean stop;

  private final class Notes implements WorkWatcher {
    private final String name;

    Notes(String name) {
      this.name = name;
    }

    @Override
    public void began(Work work) {
      seen.add(name + " began " + work.name());
    }

    @Override
    public void ended(Work work) {
      seen.add(name + " ended " + work.name() + " at " + work.done());
    }

    @Override
    public boolean stopRequested() {
      return stop;
    }
  }

  @AfterEach
  void nobodyWatches() {
    Work.usuallyWatchedBy(() -> WorkWatcher.NONE);
  }

  @Test
  void workWithinWorkHasTheSameWatcherAndTheNextHasANewOne() {
    int[] watchers = {0};
    Work.usuallyWatchedBy(() -> new Notes("w" + ++watchers[0]));

    try (Work outer = Work.begin("a", "steps", 2)) {
      outer.advance();
      Work.begin("b").close();
    }
    Work.begin("c").close();

    assertThat(seen)
        .containsExactly(
            "w1 began a",
            "w1 began b",
            "w1 ended b at 0",
            "w1 ended a at 1",
            "w2 began c",
            "w2 ended c at 0");
  }

  @Test
  void aWatcherOfTheCallersReplacesTheUsualOne() {
    Work.usuallyWatchedBy(() -> new Notes("usual"));

    Work.watchedBy(
        new Notes("own"),
        () -> {
          Work.begin("a").close();
          Work.begin("b").close();
          return null;
        });
    Work.begin("c").close();

    assertThat(seen.stream().filter(line -> line.contains("began")))
        .containsExactly("own began a", "own began b", "usual began c");
  }

  @Test
  void onceToBeStoppedItStaysSo() {
    Work.watchedBy(
        new Notes("own"),
        () -> {
          try (Work work = Work.begin("a")) {
            assertThat(work.stopRequested()).isFalse();
            stop = true;
            assertThat(work.stopRequested()).isTrue();
            stop = false;
            assertThat(work.stopRequested()).isTrue();
          }
          return null;
        });
  }

  @Test
  void aLongPieceWithoutAnEndOfItsOwnAsksWhatItIsIn() {
    Work.check(); // in no work at all
    Work.watchedBy(
        new Notes("own"),
        () -> {
          try (Work outer =
                  Work.begin("a").stoppable(() -> new StoppedException("the outer one stopped"));
              Work inner = Work.begin("b")) {
            Work.check();
            stop = true;
            assertThatThrownBy(Work::check).hasMessage("the outer one stopped");
          }
          try (Work other = Work.begin("c")) {
            Work.check(); // nobody here knows how to stop
          }
          return null;
        });
  }
}
