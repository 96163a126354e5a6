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
import org.jspecify.annotations.Nullable;

/** A {@link Tape}'s method, compiled, with the arrays that are the same at each run. */
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
   * @param method as the tape gives it
   * @param constants arrays and numbers, as the tape gives them
   * @param owner closes this program with itself, if nobody did before
   */
  RecordedProgram(String method, List<Object> constants, NDManager owner) {
    this.owner = owner;
    program = new TorchProgram(OperatorSource.with(method));
    for (Object constant : constants) {
      NDArray array = constant instanceof NDArray given ? given : program.number((Number) constant);
      // Another handle on the same array: its name and its end are this program's own.
      NDArray handle = TensorOperators.sameType(array, array);
      handle.detach();
      handle.setName(LIST);
      this.constants.add(handle);
    }
    list = IValue.listFrom(this.constants.toArray(new PtNDArray[0]));
    owner.attachInternal(id, this);
  }

  /**
   * @param inputs those of the recorded computation, missing at the same places
   * @return an array that belongs to the first input's manager
   */
  NDArray run(@Nullable NDArray... inputs) {
    NDList given = new NDList();
    for (NDArray input : inputs) {
      if (input != null) {
        given.add(input);
      }
    }
    if (Gradients.areEnabled()) {
      given.addAll(constants);
      return program.run(Tape.METHOD, given);
    }
    return runWithout(given);
  }

  /** Without gradients the list of constants is made once for all runs. */
  private NDArray runWithout(NDList inputs) {
    List<IValue> arguments = new ArrayList<>();
    try {
      inputs.forEach(input -> arguments.add(IValue.from((PtNDArray) input)));
      IValue[] all = arguments.toArray(new IValue[inputs.size() + 1]);
      all[inputs.size()] = list;
      return program.run(Tape.METHOD, Objects.requireNonNull(inputs.head().getManager()), all);
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
