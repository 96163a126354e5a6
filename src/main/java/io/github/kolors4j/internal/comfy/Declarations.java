package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
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
}
