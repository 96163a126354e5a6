package io.github.kolors4j.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.kolors4j.tensor.Operators;

/** The type that a network computes in during training. What is trained is float32 always. */
enum Precision {
  FLOAT32,
  /** Float32's range in eight bits of precision. */
  BFLOAT16,
  /** More precision, but a range so small that gradients need a {@link GradientScaler}. */
  FLOAT16;

  /**
   * What a setting of the original means on a device. 16 bits are bfloat16 on a CPU, as in
   * Lightning.
   *
   * @param setting {@code 32}, {@code 16}, {@code 16-mixed}, {@code bf16} or {@code bf16-mixed}
   */
  static Precision of(String setting, Device device) {
    if (setting.equals("32")) {
      return FLOAT32;
    }
    return setting.startsWith("bf16") || !device.isGpu() ? BFLOAT16 : FLOAT16;
  }

  /** The values in this type. */
  NDArray of(NDArray x) {
    return switch (this) {
      case FLOAT32 -> x;
      case BFLOAT16 -> Operators.bfloat16(x);
      case FLOAT16 -> Operators.float16(x);
    };
  }
}
