package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.WeightsException;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes named tensors as {@code torch.save} writes a state dict, so that {@code torch.load(path,
 * weights_only=True)} reads them: an uncompressed zip archive in which every entry's bytes begin at
 * a multiple of 64 ({@code PyTorchStreamWriter} in torch/caffe2/serialize), with a pickle of
 * protocol 2.
 */
public final class TorchWriter {

  private static final int ALIGNMENT = 64;

  /** A local file header without name and extra field, in bytes (the zip specification, 4.3.7). */
  private static final int LOCAL_HEADER = 30;

  /**
   * Always the same, so that equal weights give equal files; the first day makes Java add bytes.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  private static final Map<ElementType, String> STORAGE_NAMES =
      PickledObjects.STORAGES.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private TorchWriter() {}

  /**
   * Writes a checkpoint beside its target and moves it into place.
   *
   * @param path the file; folders that lack are made, a file that is there is replaced
   * @param tensors the tensors, of any device and strides, in the order in which torch is to list
   *     them
   * @throws WeightsException if the file cannot be written, or a tensor has a type that torch
   *     checkpoints written here do not store
   */
  public static void write(Path path, Map<String, NDArray> tensors) {
    writeObject(path, tensors);
  }

  /** Values that Python is to get as a tuple, not as a list. */
  public record Tuple(List<?> values) {}

  /**
   * Writes a dictionary of anything that a pickle of plain values and tensors may have: texts,
   * numbers, truths, null, lists, {@link Tuple}s, dictionaries and tensors, each within another.
   *
   * @param path as in {@link #write}
   * @throws WeightsException as there
   * @throws IllegalArgumentException if a value is of another kind
   */
  public static void writeObject(Path path, Map<?, ?> dictionary) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    collect("", dictionary, tensors);
    tensors.forEach(
        (name, array) -> {
          if (storageName(array) == null) {
            throw new WeightsException(
                "%s: tensor '%s' of type %s cannot be stored; convert it with toType first."
                    .formatted(path, name, array.getDataType()));
          }
        });
    String file = path.getFileName().toString();
    String root = file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : file;
    WholeFile.write(path, channel -> write(channel, root, dictionary, tensors));
  }

  /** The tensors in the order in which the pickle has them. */
  private static void collect(String name, @Nullable Object value, Map<String, NDArray> tensors) {
    if (value instanceof NDArray array) {
      tensors.put(name, array);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, entry) -> collect(name.isEmpty() ? "" + key : name + "." + key, entry, tensors));
    } else if (value instanceof Tuple tuple) {
      collect(name, tuple.values(), tensors);
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(name + "." + i, list.get(i), tensors);
      }
    }
  }

  private static @Nullable String storageName(NDArray array) {
    ElementType type = ElementType.of(array.getDataType());
    return type == null ? null : STORAGE_NAMES.get(type);
  }

  private static void write(
      FileChannel channel, String root, Map<?, ?> dictionary, Map<String, NDArray> tensors)
      throws IOException {
    CountingStream counter = new CountingStream(Channels.newOutputStream(channel));
    try (ZipOutputStream zip = new ZipOutputStream(counter)) {
      zip.setMethod(ZipOutputStream.STORED);
      writeEntry(zip, counter, root + "/data.pkl", pickle(dictionary));
      writeEntry(zip, counter, root + "/byteorder", ascii("little"));
      int key = 0;
      for (NDArray array : tensors.values()) {
        writeTensor(zip, counter, root + "/data/" + key++, array);
      }
      writeEntry(zip, counter, root + "/version", ascii("3\n"));
    }
  }

  private static void writeEntry(
      ZipOutputStream zip, CountingStream counter, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    putEntry(zip, counter, name, bytes.length, crc);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static void writeTensor(
      ZipOutputStream zip, CountingStream counter, String name, NDArray array) throws IOException {
    CRC32 crc = new CRC32();
    TensorBytes.write(array, crc::update);
    long bytes = array.size() * array.getDataType().getNumOfBytes();
    putEntry(zip, counter, name, bytes, crc);
    byte[] chunk = new byte[1 << 18];
    TensorBytes.write(array, piece -> copy(piece, chunk, zip));
    zip.closeEntry();
  }

  private static void copy(ByteBuffer piece, byte[] chunk, OutputStream out) throws IOException {
    while (piece.hasRemaining()) {
      int count = Math.min(chunk.length, piece.remaining());
      piece.get(chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }

  /** Starts an entry, its bytes aligned by an extra field of zeros as torch's own writer has it. */
  private static void putEntry(
      ZipOutputStream zip, CountingStream counter, String name, long size, CRC32 crc)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(TIME);
    zip.flush();
    long start = counter.count + LOCAL_HEADER + name.getBytes(StandardCharsets.UTF_8).length + 4;
    int padding = (int) ((ALIGNMENT - start % ALIGNMENT) % ALIGNMENT);
    byte[] extra = new byte[4 + padding];
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) padding;
    entry.setExtra(extra);
    zip.putNextEntry(entry);
  }

  /** The pickle of a dictionary, each tensor in it with a storage of its own. */
  private static byte[] pickle(Map<?, ?> dictionary) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x80, 2});
    value(out, dictionary, new int[1]);
    out.write('.');
    return out.toByteArray();
  }

  /**
   * @param keys the next tensor's storage
   */
  private static void value(ByteArrayOutputStream out, @Nullable Object value, int[] keys)
      throws IOException {
    if (value instanceof NDArray array) {
      tensor(out, array, keys[0]++);
    } else if (value instanceof Map<?, ?> map) {
      out.write(new byte[] {'}', '('});
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        value(out, entry.getKey(), keys);
        value(out, entry.getValue(), keys);
      }
      out.write('u');
    } else if (value instanceof Tuple tuple) {
      out.write('(');
      for (Object element : tuple.values()) {
        value(out, element, keys);
      }
      out.write('t');
    } else if (value instanceof List<?> list) {
      out.write(new byte[] {']', '('});
      for (Object element : list) {
        value(out, element, keys);
      }
      out.write('e');
    } else if (value instanceof String string) {
      text(out, string);
    } else if (value instanceof Integer || value instanceof Long) {
      number(out, ((Number) value).longValue());
    } else if (value instanceof Double number) {
      out.write('G');
      out.write(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
    } else if (value instanceof Boolean truth) {
      out.write(truth ? 0x88 : 0x89);
    } else if (value == null) {
      out.write('N');
    } else {
      throw new IllegalArgumentException("A pickle is not written of " + value.getClass());
    }
  }

  private static void tensor(ByteArrayOutputStream out, NDArray array, int key) throws IOException {
    long[] shape = array.getShape().getShape();
    global(out, "torch._utils", "_rebuild_tensor_v2");
    out.write('(');
    out.write('(');
    text(out, "storage");
    global(out, "torch", Objects.requireNonNull(storageName(array)));
    text(out, Integer.toString(key));
    text(out, "cpu");
    number(out, array.size());
    out.write(new byte[] {'t', 'Q'});
    number(out, 0);
    numbers(out, shape);
    numbers(out, contiguousStrides(shape));
    out.write(0x89);
    global(out, "collections", "OrderedDict");
    out.write(new byte[] {')', 'R', 't', 'R'});
  }

  private static long[] contiguousStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape[i]);
    }
    return strides;
  }

  private static void numbers(ByteArrayOutputStream out, long[] values) throws IOException {
    out.write('(');
    for (long value : values) {
      number(out, value);
    }
    out.write('t');
  }

  /** A whole number: four bytes if they suffice, else LONG1 with eight. */
  private static void number(ByteArrayOutputStream out, long value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    if (value == (int) value) {
      bytes.put((byte) 'J').putInt((int) value);
    } else {
      bytes.put((byte) 0x8a).put((byte) 8).putLong(value);
    }
    out.write(bytes.array(), 0, bytes.position());
  }

  private static void text(ByteArrayOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    for (int shift : List.of(0, 8, 16, 24)) {
      out.write(bytes.length >> shift);
    }
    out.write(bytes);
  }

  private static void global(ByteArrayOutputStream out, String module, String name)
      throws IOException {
    out.write(ascii("c" + module + "\n" + name + "\n"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Counts what passes, to know where an entry's bytes will begin. */
  private static final class CountingStream extends FilterOutputStream {

    private long count;

    CountingStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
