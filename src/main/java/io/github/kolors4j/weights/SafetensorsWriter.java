package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files, byte for byte as Python's {@code safetensors} does: wider types first,
 * then by name, the header padded with spaces to a multiple of eight bytes.
 */
public final class SafetensorsWriter {

  private static final List<String> TYPE_NAMES = List.copyOf(SafetensorsFile.TYPES.keySet());
  private static final List<DataType> TYPES = List.copyOf(SafetensorsFile.TYPES.values());

  private SafetensorsWriter() {}

  private record Entry(String name, NDArray array, DataType type) {

    long bytes() {
      return array.size() * type.getNumOfBytes();
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
          if (!TYPES.contains(type)) {
            throw new WeightsException(
                "%s: tensor '%s' of type %s cannot be stored; convert it with toType first."
                    .formatted(path, name, type));
          }
          entries.add(new Entry(name, array, type));
        });
    entries.sort(
        Comparator.comparing((Entry entry) -> -TYPES.indexOf(entry.type()))
            .thenComparing(Entry::name));
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
        long end = begin + entry.bytes();
        json.name(entry.name()).beginObject();
        json.name("dtype").value(TYPE_NAMES.get(TYPES.indexOf(entry.type())));
        json.name("shape").beginArray();
        for (long dimension : entry.array().getShape().getShape()) {
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
    if (entry.type() == entry.array().getDataType()) {
      TensorBytes.write(entry.array(), piece -> writeFully(channel, piece));
      return;
    }
    try (NDArray converted = entry.array().toType(entry.type(), true)) {
      TensorBytes.write(converted, piece -> writeFully(channel, piece));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
