package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Frees the intermediate arrays of a computation as soon as it ends.
 *
 * <p>An operation's result belongs to the manager of its first operand. A scope therefore borrows
 * the inputs: what is computed from them belongs to the scope and is freed with it, but for the one
 * result that is handed out.
 *
 * <pre>{@code
 * try (Scope scope = new Scope(x)) {
 *   return scope.result(x.mul(2).add(1));
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private final NDManager owner;
  private final NDManager manager;

  /**
   * @param inputs the arrays that operations start from; the first one's manager gets the result
   */
  public Scope(NDArray... inputs) {
    owner = inputs[0].getManager();
    manager = owner.newSubManager();
    manager.tempAttachAll(inputs);
  }

  /** The manager of everything computed in this scope. */
  public NDManager manager() {
    return manager;
  }

  /** Hands an array out of the scope, to the manager that the first input came from. */
  public NDArray result(NDArray array) {
    array.attach(owner);
    return array;
  }

  @Override
  public void close() {
    manager.close();
  }
}
