package io.github.kolors4j.hub;

import io.github.kolors4j.internal.progress.Work;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts what arrives, measures the speed over the last seconds, and tells the listener. */
final class ProgressMeter {
  private static final long REPORT_EVERY = Duration.ofMillis(200).toNanos();
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();

  private final String model;
  private final long of;
  private final HubListener listener;
  private final Work work;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long here;
  private long reportedAt;

  /** What had arrived at a time, without what was here before. */
  private record Sample(long nanos, long arrived) {}

  private long arrived;

  ProgressMeter(String model, long of, HubListener listener, Work work) {
    this.work = work;
    this.model = model;
    this.of = of;
    this.listener = listener;
    reportedAt = System.nanoTime() - REPORT_EVERY;
    samples.add(new Sample(System.nanoTime(), 0));
  }

  /** Bytes that need not be downloaded; a negative number when they turn out to be needed. */
  synchronized void present(long bytes) {
    here += bytes;
    if (arrived == 0) {
      work.before(here);
    }
  }

  synchronized void arrived(String file, long bytes) {
    here += bytes;
    arrived += bytes;
    work.advanceTo(here, file);
    if (System.nanoTime() - reportedAt >= REPORT_EVERY) {
      report(file);
    }
  }

  synchronized void finished(String file) {
    report(file);
  }

  synchronized void notice(String message) {
    listener.notice(message);
  }

  private void report(String file) {
    long now = System.nanoTime();
    samples.add(new Sample(now, arrived));
    while (samples.size() > 2 && now - samples.peekFirst().nanos() > WINDOW) {
      samples.removeFirst();
    }
    Sample first = samples.peekFirst();
    double seconds = (now - first.nanos()) / 1e9;
    double speed = seconds > 0 ? (arrived - first.arrived()) / seconds : 0;
    long left = Math.max(0, of - here);
    Duration timeLeft = speed > 0 ? Duration.ofSeconds((long) (left / speed)) : Duration.ZERO;
    listener.progress(new HubListener.Progress(model, file, here, of, speed, timeLeft));
    reportedAt = now;
  }
}
