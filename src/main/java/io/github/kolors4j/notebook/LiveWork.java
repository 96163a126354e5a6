package io.github.kolors4j.notebook;

import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.progress.WorkWatcher;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Long work below the cell that does it: a stop button, and bars for the work and what it consists
 * of, the outer ones first. They are redrawn by a clock, so that the time goes on where the work
 * does not say how far it is. What is over before a delay is not shown at all.
 */
final class LiveWork implements WorkWatcher {
  /** Before bars appear where nobody asked for them. */
  static final Duration USUAL_DELAY = Duration.ofSeconds(1);

  /** Of a picture as it is so far, in pixels: previews may be as small as latents. */
  private static final int LEAST_SIDE = 256;

  private static final int MOST_SIDE = 512;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "kolors4j-progress");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration delay;
  private final LiveDisplay display = new LiveDisplay();
  private final List<Work> works = new ArrayList<>();
  private @Nullable ScheduledFuture<?> clock;
  private volatile @Nullable BufferedImage picture;
  private volatile @Nullable StopButton stop;

  /**
   * @param delay before anything is shown
   */
  LiveWork(Duration delay) {
    this.delay = delay;
  }

  @Override
  public synchronized void began(Work work) {
    works.add(work);
    if (works.size() > 1) {
      return;
    }
    if (delay.isZero()) {
      tick();
    }
    clock =
        CLOCK.scheduleWithFixedDelay(
            this::tick,
            Math.max(delay.toMillis(), PAUSE.toMillis()),
            PAUSE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private synchronized void tick() {
    if (works.isEmpty()) {
      return; // it has just ended
    }
    if (stop == null) {
      stop = StopButton.show();
    }
    display.show(content());
  }

  /**
   * What is shown now: a bar for what has a length and for what is done at this moment, and under
   * them the picture as it is so far. What has no length of its own gives its name to the work
   * within it.
   */
  Object content() {
    List<Object> shown = new ArrayList<>();
    String within = "";
    for (Work work : works) {
      boolean last = work == works.get(works.size() - 1);
      if (work.total() == 0 && !last) {
        within = within.isEmpty() ? work.name() + " · " : within;
      } else {
        shown.add(Progress.of(work).within(within));
        within = "";
      }
    }
    BufferedImage newest = picture;
    if (newest != null) {
      shown.add(newest);
    }
    return shown.size() == 1 ? shown.get(0) : Html.column(shown.toArray());
  }

  @Override
  public void shown(Work work, BufferedImage newest) {
    boolean small = newest.getWidth() < LEAST_SIDE && newest.getHeight() < LEAST_SIDE;
    boolean large = newest.getWidth() > MOST_SIDE || newest.getHeight() > MOST_SIDE;
    int side = small ? LEAST_SIDE : MOST_SIDE;
    picture = small || large ? Pictures.fit(newest, side, side) : newest;
  }

  @Override
  public synchronized void ended(Work work) {
    works.remove(work);
    if (!works.isEmpty()) {
      return;
    }
    if (clock != null) {
      clock.cancel(false);
    }
    picture = null;
    StopButton button = stop;
    if (button != null) {
      stop = null;
      button.close();
      display.show(Progress.of(work).toHtmlAtEnd());
    }
  }

  @Override
  public boolean stopRequested() {
    StopButton button = stop;
    return button != null && button.pressed();
  }
}
