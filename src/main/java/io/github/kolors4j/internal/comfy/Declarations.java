package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeCatalogue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nodes that there are, as {@code /object_info} describes them. */
@FunctionalInterface
public interface Declarations {
  /**
   * The entry of one class of nodes: {@code {input: {required, optional, hidden}, input_order,
   * output, …}}. It is not changed by who reads it.
   *
   * @return null if there is no such class
   */
  @Nullable JsonObject declaration(String classType);

  /**
   * The node's own check of its inputs.
   *
   * @return null if it has none
   */
  default @Nullable InputChecks checks(String classType) {
    return null;
  }

  /** The nodes of a catalogue. */
  static Declarations of(NodeCatalogue catalogue) {
    return catalogue;
  }

  /** The same, each asked for once only: a graph has many nodes of few classes. */
  default Declarations remembered() {
    Map<String, Optional<JsonObject>> known = new HashMap<>();
    Declarations all = this;
    return new Declarations() {
      @Override
      public @Nullable JsonObject declaration(String classType) {
        return known
            .computeIfAbsent(classType, type -> Optional.ofNullable(all.declaration(type)))
            .orElse(null);
      }

      @Override
      public @Nullable InputChecks checks(String classType) {
        return all.checks(classType);
      }
    };
  }
}
