package io.github.kolors4j.internal.weights;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a torch tensor lies in its storage: value {@code (i, j, …)} is number {@code offset + i *
 * strides[0] + j * strides[1] + …} of the storage. Several tensors may share one storage.
 */
record StridedView(long offset, long[] shape, long[] strides) {

  /** PyTorch's own limit. */
  static final int MAX_DIMENSIONS = 64;

  /**
   * The number of values in a shape.
   *
   * @throws ArithmeticException if it is more than can be counted, also where a size of 0 hides
   *     that
   */
  static long elements(long[] shape) {
    long product = 1;
    boolean empty = false;
    for (long size : shape) {
      empty |= size == 0;
      product = Math.multiplyExact(product, Math.max(1, size));
    }
    Math.multiplyExact(product, Long.BYTES); // as many bytes at most
    return empty ? 0 : product;
  }

  /**
   * Says what is impossible about this view of a storage, or null if it can be read.
   *
   * @param available the number of values in the storage
   */
  @Nullable String problem(long available) {
    if (shape.length != strides.length) {
      return "has " + shape.length + " dimensions but " + strides.length + " strides";
    }
    if (shape.length > MAX_DIMENSIONS) {
      return "has " + shape.length + " dimensions; PyTorch knows 64 at most";
    }
    try {
      long own = 1;
      for (int i = 0; i < shape.length; i++) {
        if (shape[i] < 0 || strides[i] < 0) {
          return "has a negative size or stride";
        }
        own = Math.multiplyExact(own, strides[i] == 0 ? Math.min(1, shape[i]) : shape[i]);
      }
      long values = elements(shape);
      if (offset < 0 || (values > 0 && Math.addExact(offset, span()) > available)) {
        return "reaches beyond its storage of %,d values".formatted(available);
      }
      if (own > available) {
        return "uses the values of its storage several times over";
      }
    } catch (ArithmeticException e) {
      return "has a size that no memory holds";
    }
    return null;
  }

  /** The number of values, repeated ones counted as often as they are. */
  long elements() {
    return elements(shape);
  }

  /** The number of storage values from this view's first to its last, for a view with values. */
  long span() {
    long last = 0;
    for (int i = 0; i < shape.length; i++) {
      last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
    }
    return last + 1;
  }

  /** Whether some dimension repeats one value (stride 0), as {@code Tensor.expand} makes it. */
  boolean isExpanded() {
    for (int i = 0; i < shape.length; i++) {
      if (strides[i] == 0 && shape[i] > 1) {
        return true;
      }
    }
    return false;
  }

  /** This view with every repeated dimension reduced to size 1. */
  StridedView reduced() {
    long[] sizes = shape.clone();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = strides[i] == 0 ? Math.min(1, sizes[i]) : sizes[i];
    }
    return new StridedView(offset, sizes, strides);
  }

  /** Whether the values follow each other row by row. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1 && strides[i] != expected) {
        return false;
      }
      expected *= shape[i];
    }
    return true;
  }

  /**
   * Copies values row by row until the target is full.
   *
   * @param storage the bytes of this view's span
   * @param first the number of the first value to copy, counted row by row
   * @param width bytes per value
   */
  void gather(ByteBuffer storage, ByteBuffer target, long first, int width) {
    long[] index = new long[shape.length];
    long rest = first;
    for (int i = shape.length - 1; i >= 0; i--) {
      index[i] = rest % shape[i];
      rest /= shape[i];
    }
    while (target.hasRemaining()) {
      long from = 0;
      for (int i = 0; i < index.length; i++) {
        from += index[i] * strides[i];
      }
      target.put(target.position(), storage, (int) (from * width), width);
      target.position(target.position() + width);
      for (int i = index.length - 1; i >= 0 && ++index[i] == shape[i]; i--) {
        index[i] = 0;
      }
    }
  }
}
