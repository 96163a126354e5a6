package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.RecordedFunction;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of a sequence to a context, which may be the sequence itself. What keys and
 * values are made from can be changed before.
 */
public final class Attention {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final int heads;
  private final int contextChannels;
  private final Weights weights;
  private List<ContextChange> changes = List.of();
  private @Nullable AttentionObserver observer;

  /**
   * @param channels length of the sequence's tokens
   * @param contextChannels length of the context's tokens
   */
  Attention(Weights weights, int channels, int contextChannels, int heads) {
    query = new Linear(weights.at("to_q"), channels, channels, false);
    key = new Linear(weights.at("to_k"), contextChannels, channels, false);
    value = new Linear(weights.at("to_v"), contextChannels, channels, false);
    out = new Linear(weights.at("to_out.0"), channels, channels);
    this.heads = heads;
    this.contextChannels = contextChannels;
    this.weights = weights;
    weights.enter(this);
  }

  /** Length of the vectors that are attended to. */
  public int contextChannels() {
    return contextChannels;
  }

  /**
   * Replaces what changes the context before keys and values are made from it, one after another.
   */
  public void setContextChanges(List<ContextChange> changes) {
    this.changes = List.copyOf(changes);
    weights.layersChanged();
  }

  /** Lets somebody see each comparison from now on, or nobody. */
  public void setObserver(@Nullable AttentionObserver observer) {
    this.observer = observer;
    weights.layersChanged();
  }

  boolean observed() {
    return observer != null;
  }

  /**
   * @param x (batch, length, channels)
   * @param context (batch, context length, contextChannels)
   * @param bias (batch, context length) on the scores, or null
   * @return (batch, length, channels)
   */
  NDArray forward(NDArray x, NDArray context, @Nullable NDArray bias) {
    NDArray forKeys = context;
    NDArray forValues = context;
    for (ContextChange change : changes) {
      forKeys = change.forKeys(forKeys);
      forValues = change.forValues(forValues);
    }
    NDArray queries = query.forward(x);
    NDArray keys = key.forward(forKeys);
    if (observer != null) {
      RecordedFunction.hasAnotherEffect();
      observer.comparing(queries, keys, heads, bias);
    }
    return out.forward(
        TensorOperators.attention(queries, keys, value.forward(forValues), heads, bias));
  }
}
