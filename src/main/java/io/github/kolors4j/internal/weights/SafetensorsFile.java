package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.files.ForeignFile;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file: eight bytes with the length of a JSON header, the header with every tensor's
 * type, shape and place, then the values, little-endian. The header is checked against the file
 * before any memory is taken, by the same rules as the original (the {@code safetensors} Rust
 * library): no tensor outside the file, none over another, no byte that belongs to none. Values are
 * read straight into the memory that PyTorch owns, tensor by tensor, or memory-mapped ({@link
 * #map}), so a file may be larger than a Java buffer or than memory.
 */
public final class SafetensorsFile implements TensorFile {

  /**
   * The longest header that is read, in bytes. The original reads 100 million; those of large
   * models have under one million, and what is made of a header takes several times its length of
   * memory.
   */
  static final long MAX_HEADER = 25_000_000;

  private static final int MAX_TENSORS = 200_000;

  private record Entry(TensorInfo info, ElementType stored, long begin, long end) {}

  private final Path path;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, Entry> entries;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      Path path,
      FileChannel channel,
      long dataStart,
      Map<String, Entry> entries,
      Map<String, String> metadata) {
    this.path = path;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
    this.metadata = metadata;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws WeightsException if it cannot be read, or its header and its length disagree
   */
  public static SafetensorsFile open(Path path) {
    FileChannel channel = null;
    try {
      ForeignFile.requireRegular(path);
      channel = FileChannel.open(path, StandardOpenOption.READ);
      SafetensorsFile file = read(path, channel);
      channel = null;
      return file;
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    } finally {
      closeQuietly(channel);
    }
  }

  private static SafetensorsFile read(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw broken(path, "has %,d bytes, fewer than the 8 that give the header's length", size);
    }
    ByteBuffer first = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, first, 0);
    long length = first.flip().getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw new WeightsException(
          "%s is no safetensors file: its header would be %s bytes long, and at most %,d are read.%s"
              .formatted(
                  path, Long.toUnsignedString(length), MAX_HEADER, NotWeights.hint(first.array())));
    }
    if (length > size - 8) {
      throw broken(path, "ends inside its header (%,d bytes long, the file has %,d)", length, size);
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    readFully(channel, header, 8);
    if (header.get(0) != '{') {
      throw broken(path, "has a header that is not the JSON it should be");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonReader json =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(header.array()), StandardCharsets.UTF_8.newDecoder()))) {
      readHeader(path, json, entries, metadata);
    } catch (MalformedJsonException
        | CharacterCodingException
        | EOFException
        | IllegalStateException e) {
      throw broken(path, "has a header that is not the JSON it should be (%s)", e.getMessage());
    } catch (NumberFormatException e) {
      throw broken(path, "has a header with a number that is no whole one (%s)", e.getMessage());
    }
    checkPlaces(path, entries.values(), size - 8 - length);
    return new SafetensorsFile(
        path,
        channel,
        8 + length,
        Collections.unmodifiableMap(entries),
        Collections.unmodifiableMap(metadata));
  }

  private static void readHeader(
      Path path, JsonReader json, Map<String, Entry> entries, Map<String, String> metadata)
      throws IOException {
    json.beginObject();
    boolean metadataSeen = false;
    while (json.hasNext()) {
      String name = json.nextName();
      if (!name.equals("__metadata__")) {
        if (entries.put(name, readEntry(path, name, json)) != null) {
          throw broken(path, "names tensor '%s' twice", name);
        }
        if (entries.size() > MAX_TENSORS) {
          throw new WeightsException(
              "%s has more than %,d tensors: it is no file of a model's weights."
                  .formatted(path, MAX_TENSORS));
        }
        continue;
      }
      if (metadataSeen) {
        throw broken(path, "has two __metadata__ parts");
      }
      metadataSeen = true;
      readMetadata(path, json, metadata);
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw broken(path, "has text after its header's end");
    }
  }

  /** Texts by name. The original reads nothing else; numbers and truths are taken as texts here. */
  private static void readMetadata(Path path, JsonReader json, Map<String, String> metadata)
      throws IOException {
    if (json.peek() == JsonToken.NULL) {
      json.nextNull();
      return;
    }
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      switch (json.peek()) {
        case STRING, NUMBER -> metadata.put(name, json.nextString());
        case BOOLEAN -> metadata.put(name, String.valueOf(json.nextBoolean()));
        default ->
            throw new WeightsException(
                "%s has a __metadata__ whose '%s' is no text, so that safetensors does not read it either. Save it again with metadata={name: str(value)}."
                    .formatted(path, name));
      }
    }
    json.endObject();
  }

  private static Entry readEntry(Path path, String name, JsonReader json) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      String part = json.nextName();
      boolean again =
          switch (part) {
            case "dtype" -> type != null;
            case "shape" -> shape != null;
            case "data_offsets" -> offsets != null;
            default -> false;
          };
      if (again) {
        throw broken(path, "states %s of tensor '%s' twice", part, name);
      }
      switch (part) {
        case "dtype" -> type = json.nextString();
        case "shape" -> shape = readNumbers(path, name, json);
        case "data_offsets" -> offsets = readNumbers(path, name, json);
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw broken(path, "lacks dtype, shape or the two data_offsets of tensor '%s'", name);
    }
    ElementType stored = ElementType.named(type);
    if (stored == null) {
      throw new WeightsException(
          "%s stores tensor '%s' as %s, which cannot be read here; convert it to F16 or F32 with Python's safetensors."
              .formatted(path, name, type));
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    long bytes;
    try {
      for (long size : sizes) {
        if (size < 0) {
          throw broken(path, "gives tensor '%s' the negative size %d", name, size);
        }
      }
      bytes = Math.multiplyExact(StridedView.elements(sizes), stored.bytes());
    } catch (ArithmeticException e) {
      throw broken(path, "gives tensor '%s' the shape %s, which no memory holds", name, shape);
    }
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw broken(
          path,
          "gives tensor '%s' of shape %s and type %s the bytes %d to %d, where it takes %,d",
          name,
          shape,
          type,
          begin,
          end,
          bytes);
    }
    return new Entry(
        new TensorInfo(name, stored.describedAs(), new Shape(sizes)), stored, begin, end);
  }

  private static List<Long> readNumbers(Path path, String name, JsonReader json)
      throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      numbers.add(json.nextLong());
      if (numbers.size() > StridedView.MAX_DIMENSIONS) {
        throw broken(
            path, "gives tensor '%s' more than %d dimensions", name, StridedView.MAX_DIMENSIONS);
      }
    }
    json.endArray();
    return numbers;
  }

  /** Every byte after the header belongs to one tensor and one only. */
  private static void checkPlaces(Path path, Iterable<Entry> entries, long dataLength) {
    List<Entry> byPlace = new ArrayList<>();
    entries.forEach(byPlace::add);
    byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long reached = 0;
    for (Entry entry : byPlace) {
      String name = entry.info().name();
      if (entry.begin() < reached) {
        throw broken(path, "stores tensor '%s' over the one before it", name);
      }
      if (entry.begin() > reached) {
        throw broken(
            path, "leaves %,d bytes unused before tensor '%s'", entry.begin() - reached, name);
      }
      if (entry.end() > dataLength) {
        throw broken(
            path,
            "ends %,d bytes before tensor '%s' does; the download may have been cut off",
            entry.end() - dataLength,
            name);
      }
      reached = entry.end();
    }
    if (reached < dataLength) {
      throw broken(path, "has %,d bytes after its last tensor", dataLength - reached);
    }
  }

  @Override
  public Set<String> names() {
    return entries.keySet();
  }

  @Override
  public TensorInfo info(String name) {
    return entry(name).info();
  }

  @Override
  public NDArray read(String name, NDManager manager) {
    Entry entry = entry(name);
    try {
      return TensorBytes.create(
          manager,
          entry.info().shape(),
          entry.stored(),
          (target, position) ->
              // Not by mapping, since mapped pages count as the process's memory until a garbage
              // collection: twice the weights would be there.
              readFully(channel, target, dataStart + entry.begin() + position - target.position()));
    } catch (IOException e) {
      throw ReadFailure.of("Tensor '%s' of %s".formatted(name, path), e);
    }
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    Entry entry = entry(name);
    if (!TensorBytes.canMap(entry.info().shape(), entry.stored())) {
      return read(name, manager);
    }
    try {
      return TensorBytes.map(
          manager, entry.info().shape(), entry.stored(), channel, dataStart + entry.begin());
    } catch (IOException e) {
      throw ReadFailure.of("Tensor '%s' of %s".formatted(name, path), e);
    }
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new WeightsException(
          "%s has no tensor '%s'; the nearest name is '%s'."
              .formatted(path, name, NearestName.of(name, names())));
    }
    return entry;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  @Override
  public String toString() {
    return path + " (" + entries.size() + " tensors)";
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    while (target.hasRemaining()) {
      int count = channel.read(target, position + target.position());
      if (count < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
  }

  private static WeightsException broken(Path path, String what, @Nullable Object... values) {
    return new WeightsException(
        "%s %s. The file is damaged: download or save it again."
            .formatted(path, what.formatted(values)));
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written, so nothing is lost.
      }
    }
  }
}
