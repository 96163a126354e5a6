package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OperatorCatalog that samples go through one after the other without waiting for the other
 * samples. Only the last of them, a deduplicator or selector, may have to see all before it
 * decides.
 *
 * @param first place of the first operator in the recipe
 * @param operators filters and mappers, in order
 * @param last the operator that sees all, or null if the recipe ends here
 */
record Stage(int first, List<Operator> operators, @Nullable Operator last) {

  /** The stages of a recipe, at least one. */
  static List<Stage> of(List<Operator> process) {
    List<Stage> stages = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < process.size(); i++) {
      Operator operator = process.get(i);
      if (operator instanceof Deduplicator || operator instanceof Selector) {
        stages.add(new Stage(first, process.subList(first, i), operator));
        first = i + 1;
      }
    }
    if (first < process.size() || stages.isEmpty()) {
      stages.add(new Stage(first, process.subList(first, process.size()), null));
    }
    return stages;
  }

  /** The place of {@link #last} in the recipe. */
  int lastPlace() {
    return first + operators.size();
  }

  /** The operators' names. */
  String names() {
    List<Operator> all = new ArrayList<>(operators);
    if (last != null) {
      all.add(last);
    }
    return all.stream().map(Operator::name).collect(Collectors.joining(", "));
  }
}
