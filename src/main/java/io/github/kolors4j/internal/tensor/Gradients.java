package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whether PyTorch records operations for a backward pass, and the backward pass itself.
 *
 * <p>Recording is a setting of the current thread, off until asked for. It only matters for what
 * depends on an array whose {@link NDArray#setRequiresGradient} is set.
 *
 * <pre>{@code
 * try (Gradients recording = Gradients.enable()) {
 *   NDArray loss = …;
 *   Gradients.backward(loss);
 * }
 * NDArray gradient = Gradients.of(weight);
 * }</pre>
 */
public final class Gradients implements AutoCloseable {
  private static final ThreadLocal<@Nullable Boolean> ENABLED = new ThreadLocal<>();

  static {
    PyTorch.engine(); // whose library has the setting: it may be the first thing asked
  }

  private final boolean before;

  private Gradients(boolean enabled) {
    before = areEnabled();
    set(enabled);
  }

  /** Records operations on this thread until the returned scope is closed. */
  public static Gradients enable() {
    return new Gradients(true);
  }

  /** Records nothing on this thread until the returned scope is closed. */
  public static Gradients disable() {
    return new Gradients(false);
  }

  /** Whether operations of this thread are recorded. */
  static boolean areEnabled() {
    Boolean enabled = ENABLED.get();
    if (enabled == null) {
      set(false); // PyTorch's own default is on
      return false;
    }
    return enabled;
  }

  /**
   * Computes the gradients of a loss with respect to everything it was computed from, and adds them
   * to those already there.
   *
   * @param loss one number
   */
  public static void backward(NDArray loss) {
    try (NDArray one = loss.onesLike()) {
      backward(loss, one);
    }
  }

  /** Back-propagates {@code gradient}, of the output's shape, through an output. */
  public static void backward(NDArray output, NDArray gradient) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, false, false);
  }

  /** The gradient summed up so far for an array, or null if no backward pass reached it. */
  public static @Nullable NDArray of(NDArray parameter) {
    return JniUtils.getGradient((PtNDArray) parameter);
  }

  private static void set(boolean enabled) {
    ENABLED.set(enabled);
    JniUtils.setGradMode(enabled);
  }

  /** Returns to the setting that was in force before. */
  @Override
  public void close() {
    set(before);
  }
}
