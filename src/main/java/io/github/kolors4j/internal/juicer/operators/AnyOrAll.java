package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.juicer.Objection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a sample of several pictures is judged: one good picture is enough, or all must be good. */
final class AnyOrAll {
  private AnyOrAll() {}

  /**
   * The objection to the sample as a whole, if there is one.
   *
   * @param any true if one good picture is enough
   * @param objections one for each bad picture
   * @param pictures how many pictures the sample has
   */
  static Optional<Objection> of(boolean any, List<Objection> objections, int pictures) {
    boolean keep = any ? objections.size() < pictures : objections.isEmpty();
    if (keep || pictures == 0) {
      return Optional.empty();
    }
    if (pictures == 1) {
      return Optional.of(objections.get(0));
    }
    return Optional.of(
        new Objection(
            join(objections, Objection::value, ", "),
            join(objections, Objection::bound, ", "),
            pictures
                + " 张图片中有 "
                + objections.size()
                + " 张不合格："
                + join(objections, Objection::chinese, "；"),
            objections.size()
                + " of "
                + pictures
                + " pictures fail: "
                + join(objections, Objection::english, "; ")));
  }

  private static String join(
      List<Objection> objections,
      java.util.function.Function<Objection, String> part,
      String separator) {
    return objections.stream().map(part).distinct().collect(Collectors.joining(separator));
  }
}
