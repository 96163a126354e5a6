package io.github.kolors4j.kernel;

import java.util.Optional;

/** PyTorch for the system that a notebook runs on. */
final class NativeLibrary {
  private NativeLibrary() {}

  /** Coordinates of what the class path lacks; empty where PyTorch is there or cannot be had. */
  static Optional<String> missing() {
    return Optional.empty();
  }
}
