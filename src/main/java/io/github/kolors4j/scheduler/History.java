package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * What a multistep sampler remembers of earlier steps: a window of arrays with a memory of its own,
 * so that the caller may free theirs after every step. The oldest is freed as it leaves the window.
 */
final class History implements AutoCloseable {

  private final NDArray[] window;
  private int size;
  private int nextStepIndex = -1;
  private @Nullable NDManager manager;
  private boolean closed;

  History(int capacity) {
    window = new NDArray[capacity];
  }

  /** Number of arrays remembered. */
  int size() {
    return size;
  }

  /** The array remembered {@code age} steps ago; 1 is the newest. The history keeps owning it. */
  NDArray get(int age) {
    return window[age - 1];
  }

  /** Remembers an array as the newest and takes it over. */
  void add(NDArray array) {
    if (manager == null) {
      manager = array.getManager().getEngine().newBaseManager(array.getDevice());
    }
    array.attach(manager);
    NDArray oldest = window[window.length - 1];
    if (oldest != null) {
      oldest.close();
    }
    System.arraycopy(window, 0, window, 1, window.length - 1);
    window[0] = array;
    size = Math.min(size + 1, window.length);
  }

  /**
   * Checks that steps come in order, since each builds on the ones before; the first may be any.
   */
  void requireNext(int stepIndex) {
    if (closed) {
      throw new IllegalStateException("This run is closed: begin a new one.");
    }
    if (nextStepIndex >= 0 && stepIndex != nextStepIndex) {
      throw new IllegalStateException(
          "This sampler builds on its earlier steps: step index %d must come next, not %d. "
                  .formatted(nextStepIndex, stepIndex)
              + "Begin a new run to start over.");
    }
  }

  /** Notes that a step was made. */
  void stepMade(int stepIndex) {
    nextStepIndex = stepIndex + 1;
  }

  /** Number of arrays alive in the history's own memory. */
  int managedArrays() {
    return manager == null || closed ? 0 : manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    closed = true;
    if (manager != null) {
      manager.close();
    }
  }
}
