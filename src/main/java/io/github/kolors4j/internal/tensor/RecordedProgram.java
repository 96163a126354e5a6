package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Tape}'s methods, compiled, with the arrays that are the same at each run. */
final class RecordedProgram implements AutoCloseable {
  /** The name of arrays that DJL hands over as one list. */
  private static final String LIST = "w[]";

  private final NDManager owner;
  private final String id = UUID.randomUUID().toString();
  private final TorchProgram program;
  private final NDList constants = new NDList();
  private final IValue list;
  private boolean closed;

  /**
   * @param methods as the tape gives them
   * @param constants arrays and numbers, as the tape gives them
   * @param owner closes this program with itself, if nobody did before
   */
  RecordedProgram(String methods, List<Object> constants, NDManager owner) {
    this.owner = owner;
    program = new TorchProgram(OperatorSource.with(methods));
    for (Object constant : constants) {
      NDArray array = constant instanceof NDArray given ? given : program.number((Number) constant);
      NDArray handle = TensorOperators.handle(array);
      handle.detach();
      handle.setName(LIST);
      this.constants.add(handle);
    }
    list = IValue.listFrom(this.constants.toArray(new PtNDArray[0]));
    owner.attachInternal(id, this);
  }

  /**
   * Makes all calls.
   *
   * @param inputs those of the recorded computation, missing at the same places
   * @return an array that belongs to the first input's manager
   */
  NDArray run(@Nullable NDArray... inputs) {
    NDList given = given(inputs);
    if (Gradients.areEnabled()) {
      given.addAll(constants);
      return program.run(Tape.ALL, given);
    }
    return withArguments(given, List.of(list), all -> program.run(Tape.ALL, manager(given), all));
  }

  /** Makes the calls that depend on steady inputs alone, without gradients. */
  IValue runSteady(@Nullable NDArray... inputs) {
    return withArguments(
        given(inputs), List.of(list), all -> program.runForValue(Tape.STEADY, all));
  }

  /**
   * Makes the other calls, without gradients.
   *
   * @param steady what {@link #runSteady} gave
   * @return an array that belongs to the first input's manager
   */
  NDArray runRest(IValue steady, @Nullable NDArray... inputs) {
    NDList given = given(inputs);
    return withArguments(
        given, List.of(steady, list), all -> program.run(Tape.REST, manager(given), all));
  }

  private static NDList given(@Nullable NDArray... inputs) {
    NDList given = new NDList();
    for (NDArray input : inputs) {
      if (input != null) {
        given.add(input);
      }
    }
    return given;
  }

  private static NDManager manager(NDList given) {
    return Objects.requireNonNull(given.head().getManager());
  }

  /** Without gradients the list of constants is made once for all runs. */
  private static <T> T withArguments(NDList given, List<IValue> lists, Function<IValue[], T> call) {
    List<IValue> arguments = new ArrayList<>();
    try {
      given.forEach(input -> arguments.add(IValue.from((PtNDArray) input)));
      List<IValue> all = new ArrayList<>(arguments);
      all.addAll(lists);
      return call.apply(all.toArray(new IValue[0]));
    } finally {
      arguments.forEach(IValue::close);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return; // by the owner
    }
    closed = true;
    owner.detachInternal(id);
    list.close();
    constants.close();
    program.close();
  }
}
