package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operators that a thread calls between this tape's beginning and its end, written down as the
 * text of a TorchScript method that calls them all.
 *
 * <p>Only {@link TensorOperators} are seen. A result that came about otherwise, or an array that is
 * neither an input nor a constant, leaves the tape without a meaning: {@link #method} then says so.
 */
final class Tape implements AutoCloseable {
  /** The method's name. */
  static final String METHOD = "run";

  private static final ThreadLocal<@Nullable Tape> CURRENT = new ThreadLocal<>();

  private final Map<NDArray, String> names = new IdentityHashMap<>();
  private final Set<NDArray> possibleConstants = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Arrays and numbers that are the same at each run, in the order of their first use. */
  private final List<Object> constants = new ArrayList<>();

  private final Map<NDArray, Integer> arrayPlaces = new IdentityHashMap<>();
  private final Map<Number, Integer> numberPlaces = new HashMap<>();

  private final StringBuilder statements = new StringBuilder();
  private int results;
  private boolean understood = true;

  /**
   * Begins to write.
   *
   * @param inputs what differs from run to run; null for one that is missing, at each run
   * @param constants what calls may refer to besides
   */
  Tape(@Nullable NDArray[] inputs, Collection<NDArray> constants) {
    for (int i = 0; i < inputs.length; i++) {
      NDArray input = inputs[i];
      if (input != null) {
        names.put(input, "x" + i);
      }
    }
    possibleConstants.addAll(constants);
    CURRENT.set(this);
  }

  /** Writes a call down, if this thread has a tape. */
  static void add(String method, Object[] arguments, NDArray result) {
    Tape tape = CURRENT.get();
    if (tape != null) {
      tape.write(method, arguments, result);
    }
  }

  /** Says that what this thread computes has an effect which a repetition of its calls has not. */
  static void spoil() {
    Tape tape = CURRENT.get();
    if (tape != null) {
      tape.understood = false;
    }
  }

  private void write(String method, Object[] arguments, NDArray result) {
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(word(argument));
    }
    String name = "v" + results++;
    names.put(result, name);
    statements.append("    %s = (self).%s(%s)\n".formatted(name, method, String.join(", ", words)));
  }

  private String word(Object argument) {
    if (argument instanceof NDArray array) {
      String name = names.get(array);
      if (name != null) {
        return name;
      }
      understood &= possibleConstants.contains(array);
      return "w[%d]".formatted(arrayPlaces.computeIfAbsent(array, this::place));
    }
    return "w[%d]".formatted(numberPlaces.computeIfAbsent((Number) argument, this::place));
  }

  private int place(Object constant) {
    constants.add(constant);
    return constants.size() - 1;
  }

  /** What the method is to be called with: arrays, and numbers. */
  List<Object> constants() {
    return List.copyOf(constants);
  }

  /**
   * The text of {@code run(x0, x1, …, w)}: the inputs that are not null, and the list of constants.
   *
   * @return empty if the calls do not lead from the inputs and constants to the result
   */
  Optional<String> method(@Nullable NDArray[] inputs, NDArray result) {
    String name = names.get(result);
    if (!understood || name == null) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("  def %s(self: __torch__.Operators".formatted(METHOD));
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null) {
        text.append(", x%d: Tensor".formatted(i));
      }
    }
    text.append(", w: List[Tensor]) -> Tensor:\n").append(statements);
    return Optional.of(text.append("    return %s\n".formatted(name)).toString());
  }

  /** Ends the writing. */
  @Override
  public void close() {
    CURRENT.remove();
  }
}
