package io.github.kolors4j.internal.weights;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Moves values between files and the memory that PyTorch owns, without a copy on the Java heap and
 * in pieces below 1 GiB, since a Java buffer ends at 2 GiB.
 */
final class TensorBytes {

  /** Bytes moved at a time. */
  static final long PIECE = 1L << 30;

  /** Values converted at a time. */
  private static final int CONVERTED = 1 << 22;

  private TensorBytes() {}

  /** Where a tensor's values come from: little-endian, row by row. */
  @FunctionalInterface
  interface Source {

    /** Fills {@code target} with the bytes from {@code position} on, 0 being the first value's. */
    void read(ByteBuffer target, long position) throws IOException;
  }

  /** Where a tensor's values go, from the first to the last. */
  @FunctionalInterface
  interface Sink {

    /** Takes all remaining bytes of {@code piece}. */
    void write(ByteBuffer piece) throws IOException;
  }

  /** Makes an array with the values of a source, in the type that the stored one is read as. */
  static NDArray create(NDManager manager, Shape shape, ElementType type, Source source)
      throws IOException {
    return create(manager, shape, type, source, PIECE);
  }

  static NDArray create(
      NDManager manager, Shape shape, ElementType type, Source source, long pieceBytes)
      throws IOException {
    try (NDManager scratch = manager.newSubManager(Device.cpu())) {
      NDArray array = scratch.create(shape, type.readAs());
      int width = type.readAs().getNumOfBytes();
      forPieces(
          array,
          pieceBytes,
          (target, position) -> {
            if (type.isConverted()) {
              convert(type, source, target, position / width * type.bytes());
            } else {
              source.read(target, position);
            }
          });
      NDArray result =
          manager.getDevice().isGpu() ? array.toDevice(manager.getDevice(), false) : array;
      result.attach(manager);
      return result;
    } catch (EngineException e) {
      // What a shape can be is checked when a file is opened; what is left is the memory.
      throw new IOException(
          "PyTorch cannot make an array of %s %s: is there not enough memory? (%s)"
              .formatted(type.readAs(), shape, firstLine(e)),
          e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Whether a tensor can be made of a file's pages: DJL has no array for some types. */
  static boolean canMap(Shape shape, ElementType type) {
    long bytes = shape.size() * type.bytes();
    return !type.isConverted() && bytes > 0 && bytes <= Integer.MAX_VALUE;
  }

  /**
   * Makes an array of a file's pages, on the CPU.
   *
   * @param position of the first value's first byte in the file
   */
  static NDArray map(
      NDManager manager, Shape shape, ElementType type, FileChannel channel, long position)
      throws IOException {
    long bytes = shape.size() * type.bytes();
    MappedByteBuffer pages = channel.map(FileChannel.MapMode.READ_ONLY, position, bytes);
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      NDArray array = host.create(pages, shape, type.readAs()); // keeps the pages
      array.attach(manager);
      return array;
    }
  }

  /** Hands an array's values, whatever its strides and device, to a sink. */
  static void write(NDArray array, Sink sink) throws IOException {
    write(array, sink, PIECE);
  }

  static void write(NDArray array, Sink sink, long pieceBytes) throws IOException {
    try (NDManager scratch = array.getManager().newSubManager(Device.cpu())) {
      // A second handle, so that what DJL makes on the way belongs to the scratch manager.
      NDArray handle = array.reshape(array.getShape());
      handle.attach(scratch);
      NDArray host = handle.getDevice().isGpu() ? handle.toDevice(Device.cpu(), false) : handle;
      forPieces(host, pieceBytes, (piece, position) -> sink.write(piece));
    }
  }

  /** Hands the values of a {@code FLOAT32} array to a sink, rounded to the nearest bfloat16. */
  static void writeBfloat16(NDArray array, Sink sink) throws IOException {
    ByteBuffer halves = ByteBuffer.allocate(2 * CONVERTED).order(ByteOrder.LITTLE_ENDIAN);
    write(
        array,
        piece -> {
          IntBuffer floats = piece.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
          while (floats.hasRemaining()) {
            halves.clear();
            while (floats.hasRemaining() && halves.hasRemaining()) {
              halves.putShort(narrow(floats.get()));
            }
            sink.write(halves.flip());
          }
        });
  }

  /** The upper half of a float32, rounded to the nearest, to the even one of two as near. */
  private static short narrow(int bits) {
    boolean number = (bits & 0x7fffffff) <= 0x7f800000;
    int rounded = number ? bits + 0x7fff + (bits >>> 16 & 1) : bits | 0x400000;
    return (short) (rounded >>> 16);
  }

  /** Visits the memory of an array on the CPU; an array that is not contiguous is copied first. */
  private static void forPieces(NDArray array, long pieceBytes, Source visitor) throws IOException {
    long elements = array.size();
    int width = array.getDataType().getNumOfBytes();
    long step = pieceBytes / width;
    NDArray flat = array.reshape(-1);
    for (long start = 0; start < elements; start += step) {
      long end = Math.min(elements, start + step);
      NDArray piece =
          end - start == elements ? flat : flat.get(new NDIndex().addSliceDim(start, end));
      visitor.read(piece.toByteBuffer(true), start * width);
    }
  }

  private static void convert(ElementType type, Source source, ByteBuffer target, long position)
      throws IOException {
    target.order(ByteOrder.LITTLE_ENDIAN);
    int width = type.readAs().getNumOfBytes();
    int values = Math.min(CONVERTED, target.remaining() / width);
    ByteBuffer stored = ByteBuffer.allocate(type.bytes() * values).order(ByteOrder.LITTLE_ENDIAN);
    while (target.hasRemaining()) {
      values = Math.min(stored.capacity() / type.bytes(), target.remaining() / width);
      stored.clear().limit(type.bytes() * values);
      source.read(stored, position);
      stored.flip();
      position += stored.limit();
      while (stored.hasRemaining()) {
        type.put(stored, target);
      }
    }
  }
}
