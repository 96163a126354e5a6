package io.github.kolors4j.hub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When a download tries again, and when it gives up.
 *
 * @param tries how many failures in a row end it; a failure after which bytes arrived counts anew
 * @param firstPause after the first failure; it doubles with each
 * @param longestPause between two tries, also where the server asks for more
 * @param stall without a byte is a failure
 * @param lock how long to wait for another process that downloads the same
 */
record RetryPolicy(
    int tries, Duration firstPause, Duration longestPause, Duration stall, Duration lock) {
  static final RetryPolicy DEFAULT =
      new RetryPolicy(
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          Duration.ofSeconds(30),
          Duration.ofHours(12));

  /**
   * The pause before the next try.
   *
   * @param failures in a row, from 1
   * @param asked by the server, or null
   */
  Duration pause(int failures, @Nullable Duration asked) {
    Duration pause = asked;
    if (pause == null) {
      // A little chance keeps many clients from coming back at the same moment.
      double factor = Math.pow(2, failures - 1.0) * ThreadLocalRandom.current().nextDouble(0.8, 1);
      pause = Duration.ofMillis((long) (firstPause.toMillis() * factor));
    }
    return pause.compareTo(longestPause) > 0 ? longestPause : pause;
  }
}
