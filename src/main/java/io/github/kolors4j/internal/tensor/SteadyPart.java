package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecordedFunction} computes from inputs that stay the same over many runs: kept from
 * the first run on, for whoever promises that these inputs, and the constants, do not change.
 */
public final class SteadyPart implements AutoCloseable {
  private final NDManager owner;
  private final String id = UUID.randomUUID().toString();
  private @Nullable Object recording;
  private @Nullable IValue values;
  private boolean closed;

  /**
   * @param owner closes it with itself, if nobody did before
   */
  public SteadyPart(NDManager owner) {
    this.owner = owner;
    owner.attachInternal(id, this);
  }

  /** What a recording has computed before, or computes now. */
  synchronized IValue of(Object recording, Supplier<IValue> computation) {
    IValue kept = values;
    if (kept == null || this.recording != recording) {
      forget();
      kept = computation.get();
      values = kept;
      this.recording = recording;
    }
    return kept;
  }

  private void forget() {
    if (values != null) {
      values.close();
      values = null;
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      owner.detachInternal(id);
      forget();
    }
  }
}
