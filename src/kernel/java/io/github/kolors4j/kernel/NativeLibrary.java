package io.github.kolors4j.kernel;

import ai.djl.util.Platform;
import java.util.Optional;

/** PyTorch for the system that a notebook runs on. */
final class NativeLibrary {
  private NativeLibrary() {}

  /** Coordinates of what the class path lacks; empty where PyTorch is there or cannot be had. */
  static Optional<String> missing() {
    Platform platform = Platform.detectPlatform("pytorch");
    return platform.isPlaceholder()
        ? Optional.of(
            "ai.djl.pytorch:pytorch-native-cpu:jar:"
                + platform.getClassifier()
                + ":"
                + platform.getVersion())
        : Optional.empty();
  }
}
