package io.github.kolors4j.pipeline;

import java.util.function.Supplier;

/**
 * A network that is loaded when it is first asked for, and can be unloaded and loaded again.
 *
 * @param <T> the network
 */
final class ModelPart<T extends AutoCloseable> implements AutoCloseable {
  private final Supplier<T> loader;
  private final boolean mapped;
  private T network;

  /**
   * @param mapped whether the network's weights are a file's pages
   */
  ModelPart(Supplier<T> loader, boolean mapped) {
    this.loader = loader;
    this.mapped = mapped;
  }

  T get() {
    if (network == null) {
      network = loader.get();
    }
    return network;
  }

  boolean isLoaded() {
    return network != null;
  }

  /** Unloads the network, if it is loaded. */
  @Override
  public void close() {
    if (network == null) {
      return;
    }
    try {
      network.close();
    } catch (Exception e) {
      throw new IllegalStateException("A network could not be unloaded.", e);
    }
    network = null;
    if (mapped) {
      System.gc(); // Java gives a file's pages back when it finds that nothing refers to them
    }
  }
}
