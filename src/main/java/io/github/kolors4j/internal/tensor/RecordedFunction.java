package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A computation of many operators that becomes one call: it runs as it is written the first time,
 * which is recorded, and from the second time on as a TorchScript program made from the record.
 * (What {@code torch.jit.trace} does for Python.)
 *
 * <p>A call costs some 20 µs, about as much as a small layer computes. Gradients flow as they do
 * through the single operators.
 *
 * <p>The computation must do the same whatever the inputs' values and shapes are. Where it uses
 * more than {@link TensorOperators} can show, it runs as it is written each time.
 */
public final class RecordedFunction implements AutoCloseable {
  /** A computation on arrays, some of which may be missing. */
  @FunctionalInterface
  public interface Computation {
    /**
     * @return an array that belongs to the first input's manager
     */
    NDArray of(@Nullable NDArray... inputs);
  }

  /** What has to be the same for a record to hold: types, null for a missing input. */
  private record Kind(List<@Nullable DataType> types) {
    static Kind of(@Nullable NDArray... inputs) {
      List<@Nullable DataType> types = new ArrayList<>(inputs.length);
      for (NDArray input : inputs) {
        types.add(input == null ? null : input.getDataType());
      }
      return new Kind(types);
    }
  }

  private final NDManager owner;
  private final int firstSteady;
  private final Computation computation;
  private final Supplier<Collection<NDArray>> constants;
  private final LongSupplier revision;
  private final Map<Kind, Recording> recordings = new HashMap<>();
  private long recordedRevision;

  /**
   * @param owner closes what was recorded with itself, if nobody did before
   * @param firstSteady the place from which on inputs may stay the same over many runs ({@link
   *     SteadyPart})
   * @param computation what to run; its arguments are the inputs
   * @param constants the arrays that it may use besides the inputs, such as weights; their values
   *     may change from run to run
   * @param revision a number that grows whenever the computation uses other arrays, or does
   *     something else
   */
  public RecordedFunction(
      NDManager owner,
      int firstSteady,
      Computation computation,
      Supplier<Collection<NDArray>> constants,
      LongSupplier revision) {
    this.owner = owner;
    this.firstSteady = firstSteady;
    this.computation = computation;
    this.constants = constants;
    this.revision = revision;
  }

  /**
   * Says that what this thread computes has an effect besides its result, such as showing an array
   * to somebody: a computation that does so is not recorded.
   */
  public static void hasAnotherEffect() {
    Tape.spoil();
  }

  /**
   * Runs the computation.
   *
   * @param steady what was computed from the steady inputs before, which are the same again; null
   *     to compute everything. Not used where gradients are wanted
   * @param inputs the first of them is not null
   */
  public NDArray apply(@Nullable SteadyPart steady, @Nullable NDArray... inputs) {
    Recording recording;
    Kind kind = Kind.of(inputs);
    synchronized (recordings) {
      if (recordedRevision != revision.getAsLong()) {
        forget();
        recordedRevision = revision.getAsLong();
      }
      recording = recordings.get(kind);
    }
    return recording == null
        ? record(kind, inputs)
        : recording.run(Gradients.areEnabled() ? null : steady, inputs);
  }

  private NDArray record(Kind kind, @Nullable NDArray... inputs) {
    try (Tape tape = new Tape(inputs, firstSteady, constants.get())) {
      NDArray result = computation.of(inputs);
      synchronized (recordings) {
        recordings.putIfAbsent(kind, new Recording(tape.methods(inputs, result), tape.constants()));
      }
      return result;
    }
  }

  private void forget() {
    recordings.values().forEach(Recording::close);
    recordings.clear();
  }

  @Override
  public void close() {
    synchronized (recordings) {
      forget();
    }
  }

  /** What was recorded, and the programs that it becomes when they are first run. */
  private final class Recording implements AutoCloseable {
    private final Optional<Tape.Methods> methods;
    private final List<Object> constants;

    /** By their texts. */
    private final Map<String, RecordedProgram> programs = new HashMap<>();

    /**
     * @param methods empty for a computation that has to run as it is written
     */
    Recording(Optional<Tape.Methods> methods, List<Object> constants) {
      this.methods = methods;
      this.constants = methods.isPresent() ? constants : List.of();
    }

    NDArray run(@Nullable SteadyPart steady, @Nullable NDArray... inputs) {
      if (methods.isEmpty()) {
        return computation.of(inputs);
      }
      if (steady == null) {
        return program(methods.get().all()).run(inputs);
      }
      RecordedProgram program = program(methods.get().steadyAndRest());
      return program.runRest(steady.of(this, () -> program.runSteady(inputs)), inputs);
    }

    private synchronized RecordedProgram program(String text) {
      return programs.computeIfAbsent(text, t -> new RecordedProgram(t, constants, owner));
    }

    @Override
    public synchronized void close() {
      programs.values().forEach(RecordedProgram::close);
    }
  }
}
