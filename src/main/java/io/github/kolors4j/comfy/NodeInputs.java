package io.github.kolors4j.comfy;

import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values that a node is run with, by the names of its inputs. */
public final class NodeInputs {
  private final Map<String, Object> values;

  /** The given values. */
  public NodeInputs(Map<String, Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /** Whether an optional input was given. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * A value of a type of one's own.
   *
   * @throws WorkflowException if it was not given, or is of another type
   */
  public <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new WorkflowException(
          value == null
              ? "The input '%s' was not given.".formatted(name)
              : "The input '%s' should be a %s, but is a %s."
                  .formatted(name, type.getSimpleName(), value.getClass().getSimpleName()));
    }
    return type.cast(value);
  }

  /** An optional value of a type of one's own. */
  public <T> Optional<T> find(String name, Class<T> type) {
    return has(name) ? Optional.of(get(name, type)) : Optional.empty();
  }

  /** A text or a choice. */
  public String text(String name) {
    return get(name, String.class);
  }

  /** A whole number; one above 2⁶³ has its bits in a negative one. */
  public long integer(String name) {
    return get(name, Number.class).longValue();
  }

  /** A number. */
  public double number(String name) {
    return get(name, Number.class).doubleValue();
  }

  /** Yes or no. */
  public boolean flag(String name) {
    return get(name, Boolean.class);
  }

  /** Pictures: one or more. */
  public List<BufferedImage> images(String name) {
    return ((List<?>) get(name, List.class)).stream().map(BufferedImage.class::cast).toList();
  }

  /** Latents. */
  public Latent latent(String name) {
    return get(name, Latent.class);
  }
}
