package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a sample of several pictures is judged: one good picture is enough, or all must be good. */
final class AnyOrAll {
  private AnyOrAll() {}

  /** {@code any_or_all}: true if one good picture is enough. */
  static boolean isAny(Parameters parameters) {
    return parameters.choice("any_or_all", "any", List.of("any", "all")).equals("any");
  }

  /**
   * Why the sample as a whole is thrown out, if it is.
   *
   * @param any true if one good picture is enough
   * @param reasons one for each bad picture
   * @param pictures how many pictures the sample has
   */
  static Optional<Reason> of(boolean any, List<Reason> reasons, int pictures) {
    boolean keep = any ? reasons.size() < pictures : reasons.isEmpty();
    if (keep || pictures == 0) {
      return Optional.empty();
    }
    if (pictures == 1) {
      return Optional.of(reasons.get(0));
    }
    return Optional.of(
        new Reason(
            join(reasons, Reason::value, ", "),
            join(reasons, Reason::bound, ", "),
            pictures + " 张图片中有 " + reasons.size() + " 张不合格：" + join(reasons, Reason::chinese, "；"),
            reasons.size()
                + " of "
                + pictures
                + " pictures fail: "
                + join(reasons, Reason::english, "; ")));
  }

  private static String join(
      List<Reason> reasons, java.util.function.Function<Reason, String> part, String separator) {
    return reasons.stream().map(part).distinct().collect(Collectors.joining(separator));
  }
}
