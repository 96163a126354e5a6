package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operators that a thread calls between this tape's beginning and its end, written down as the
 * text of a TorchScript method that calls them all.
 *
 * <p>Only {@link TensorOperators} are seen. A result that came about otherwise, or an array that is
 * neither an input nor a constant, leaves the tape without a meaning: {@link #methods} then says
 * so.
 */
final class Tape implements AutoCloseable {
  /** The name of the method that makes all calls. */
  static final String ALL = "run";

  /**
   * The names of the two that make first those which depend on steady inputs alone, then the
   * others.
   */
  static final String STEADY = "steady";

  static final String REST = "rest";

  private static final ThreadLocal<@Nullable Tape> CURRENT = new ThreadLocal<>();

  private final Map<NDArray, String> names = new IdentityHashMap<>();
  private final Set<NDArray> possibleConstants = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Arrays and numbers that are the same at each run, in the order of their first use. */
  private final List<Object> constants = new ArrayList<>();

  private final Map<NDArray, Integer> arrayPlaces = new IdentityHashMap<>();
  private final Map<Number, Integer> numberPlaces = new HashMap<>();

  /** Names of what differs from run to run. */
  private final Set<String> varying = new HashSet<>();

  private final List<Statement> statements = new ArrayList<>();
  private boolean understood = true;

  /**
   * One call.
   *
   * @param name of its result
   * @param words the arguments, by their names
   */
  private record Statement(String name, String method, List<String> words) {
    String text() {
      return "    %s = (self).%s(%s)\n".formatted(name, method, String.join(", ", words));
    }
  }

  /**
   * Begins to write.
   *
   * @param inputs null for one that is missing, at each run
   * @param firstSteady the place from which on inputs are steady
   * @param constants what calls may refer to besides
   */
  Tape(@Nullable NDArray[] inputs, int firstSteady, Collection<NDArray> constants) {
    for (int i = 0; i < inputs.length; i++) {
      NDArray input = inputs[i];
      if (input != null) {
        names.put(input, "x" + i);
        if (i < firstSteady) {
          varying.add("x" + i);
        }
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
    String name = "v" + statements.size();
    names.put(result, name);
    statements.add(new Statement(name, method, words));
    // Of another array's type, which stays, whatever its values are.
    List<String> read = method.equals("same_type") ? words.subList(0, 1) : words;
    if (read.stream().anyMatch(varying::contains)) {
      varying.add(name);
    }
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

  /** The text of the methods. */
  record Methods(String all, String steadyAndRest) {}

  /**
   * The calls as methods: {@code run(x0, x1, …, w)} with the inputs that are not null and the list
   * of constants; or {@code steady} with the same arguments, which gives a list of arrays, and
   * {@code rest} with this list before {@code w}.
   *
   * @return empty if the calls do not lead from the inputs and constants to the result, or from
   *     steady inputs alone
   */
  Optional<Methods> methods(@Nullable NDArray[] inputs, NDArray result) {
    String name = names.get(result);
    if (!understood || name == null || !varying.contains(name)) {
      return Optional.empty();
    }
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != null) {
        arguments.append(", x%d: Tensor".formatted(i));
      }
    }
    String all = header(ALL, arguments, "Tensor") + text(statements) + "    return " + name + "\n";
    List<Statement> steady =
        statements.stream().filter(statement -> !varying.contains(statement.name)).toList();
    List<Statement> rest =
        statements.stream().filter(statement -> varying.contains(statement.name)).toList();
    List<String> kept =
        steady.stream()
            .map(Statement::name)
            .filter(v -> rest.stream().anyMatch(statement -> statement.words.contains(v)))
            .toList();
    StringBuilder taken = new StringBuilder();
    for (int i = 0; i < kept.size(); i++) {
      taken.append("    %s = s[%d]\n".formatted(kept.get(i), i));
    }
    return Optional.of(
        new Methods(
            all,
            header(STEADY, arguments, "List[Tensor]")
                + text(steady)
                + "    return [%s]\n\n".formatted(String.join(", ", kept))
                + header(REST, arguments + ", s: List[Tensor]", "Tensor")
                + taken
                + text(rest)
                + "    return "
                + name
                + "\n"));
  }

  private static String header(String method, CharSequence arguments, String result) {
    return "  def %s(self: __torch__.Operators%s, w: List[Tensor]) -> %s:\n"
        .formatted(method, arguments, result);
  }

  private static String text(List<Statement> statements) {
    return statements.stream().map(Statement::text).collect(Collectors.joining());
  }

  /** Ends the writing. */
  @Override
  public void close() {
    CURRENT.remove();
  }
}
