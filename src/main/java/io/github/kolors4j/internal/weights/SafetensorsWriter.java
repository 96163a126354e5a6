package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.stream.JsonWriter;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes safetensors files, byte for byte as Python's {@code safetensors} does: wider types first,
 * then by name, the header padded with spaces to a multiple of eight bytes.
 */
public final class SafetensorsWriter {

  private SafetensorsWriter() {}

  /**
   * One tensor as it is stored.
   *
   * @param owned whether the array is made for this writer, which closes it
   */
  private record Entry(TensorInfo info, Supplier<NDArray> array, boolean owned) {
    ElementType type() {
      return Objects.requireNonNull(ElementType.of(info.type()));
    }
  }

  /**
   * Writes tensors as they are, with the metadata {@code format: pt} that Python's transformers
   * asks for.
   *
   * @see #write(Path, Map, Map, DataType)
   */
  public static void write(Path path, Map<String, NDArray> tensors) {
    write(path, tensors, Map.of("format", "pt"));
  }

  /**
   * Writes tensors as they are.
   *
   * @see #write(Path, Map, Map, DataType)
   */
  public static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata) {
    write(path, tensors, metadata, DataType.FLOAT32);
  }

  /**
   * Writes a file beside the target and moves it into place.
   *
   * @param path the file; folders that lack are made, a file that is there is replaced
   * @param tensors the tensors, of any device and strides
   * @param metadata what to say about the file, may be empty
   * @param floatType the type in which {@code FLOAT32} tensors are stored: {@code FLOAT32} or
   *     {@code FLOAT16}; tensors of other types stay as they are
   * @throws WeightsException if the file cannot be written, or a tensor has a type that cannot be
   *     stored
   */
  public static void write(
      Path path, Map<String, NDArray> tensors, Map<String, String> metadata, DataType floatType) {
    if (floatType != DataType.FLOAT32 && floatType != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "Floats are stored as FLOAT32 or FLOAT16, not " + floatType + ".");
    }
    List<Entry> entries = new ArrayList<>();
    tensors.forEach(
        (name, array) -> {
          DataType type = array.getDataType() == DataType.FLOAT32 ? floatType : array.getDataType();
          if (ElementType.of(type) == null) {
            throw new WeightsException(
                "%s: tensor '%s' of type %s cannot be stored; convert it with toType first."
                    .formatted(path, name, type));
          }
          entries.add(new Entry(new TensorInfo(name, type, array.getShape()), () -> array, false));
        });
    write(path, entries, metadata);
  }

  /**
   * Writes tensors that are made one after the other, so that one at a time is in memory.
   *
   * @param path the file; folders that lack are made, a file that is there is replaced
   * @param tensors what is stored: names, types and shapes
   * @param values makes the tensor of a name, in the stored type or as {@code FLOAT32}; it is
   *     closed when it is written
   * @throws WeightsException if the file cannot be written
   */
  public static void write(
      Path path,
      Collection<TensorInfo> tensors,
      Function<String, NDArray> values,
      Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>();
    tensors.forEach(info -> entries.add(new Entry(info, () -> values.apply(info.name()), true)));
    write(path, entries, metadata);
  }

  private static void write(Path path, List<Entry> entries, Map<String, String> metadata) {
    entries.sort(
        Comparator.comparing(Entry::type, Comparator.reverseOrder())
            .thenComparing(entry -> entry.info().name()));
    byte[] header = header(entries, metadata);
    WholeFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          writeFully(channel, length.putLong(header.length).flip());
          writeFully(channel, ByteBuffer.wrap(header));
          for (Entry entry : entries) {
            writeTensor(channel, entry);
          }
        });
  }

  private static byte[] header(List<Entry> entries, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name("__metadata__").beginObject();
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
      }
      long begin = 0;
      for (Entry entry : entries) {
        TensorInfo info = entry.info();
        long end = begin + info.bytes();
        json.name(info.name()).beginObject();
        json.name("dtype").value(entry.type().name());
        json.name("shape").beginArray();
        for (long dimension : info.shape().getShape()) {
          json.value(dimension);
        }
        json.endArray();
        json.name("data_offsets").beginArray().value(begin).value(end).endArray();
        json.endObject();
        begin = end;
      }
      json.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("A text in memory cannot fail to be written.", e);
    }
    while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
      text.append(' ');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void writeTensor(FileChannel channel, Entry entry) throws IOException {
    NDArray array = entry.array().get();
    try {
      writeValues(channel, entry.info(), array);
    } finally {
      if (entry.owned()) {
        array.close();
      }
    }
  }

  private static void writeValues(FileChannel channel, TensorInfo info, NDArray array)
      throws IOException {
    if (!array.getShape().equals(info.shape())) {
      throw new IllegalArgumentException(
          "Tensor '%s' was announced as %s and is %s."
              .formatted(info.name(), info.shape(), array.getShape()));
    }
    if (info.type() == array.getDataType()) {
      TensorBytes.write(array, piece -> writeFully(channel, piece));
    } else if (info.type() == DataType.BFLOAT16) {
      // DJL ends the whole process when it converts to bfloat16.
      TensorBytes.writeBfloat16(array, piece -> writeFully(channel, piece));
    } else {
      try (NDArray converted = array.toType(info.type(), true)) {
        TensorBytes.write(converted, piece -> writeFully(channel, piece));
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
