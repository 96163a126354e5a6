package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.weights.TorchUnpickler.StoredTensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A checkpoint of {@code torch.save} ({@code .bin}, {@code .ckpt}, {@code .pt}): a zip archive with
 * a pickle that describes the tensors and one entry of raw numbers for each storage. Nothing in the
 * pickle is run. Values are streamed from the archive into the tensor.
 *
 * <p>Nested dictionaries become names with dots. Of a checkpoint with a {@code state_dict}, as
 * Lightning writes, the names are those in it; plain values beside it are the {@link #metadata()}.
 */
public final class TorchFile implements TensorFile {

  /** The longest pickle that is read, in bytes; those of large models have under one million. */
  private static final long MAX_PICKLE = 100_000_000;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 1_000_000;
  private static final int CHUNK = 1 << 18;

  private final Path path;
  private final ZipFile zip;
  private final String root;
  private final boolean bigEndian;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private Map<String, Long> storageOffsets;
  private int values;

  private TorchFile(Path path, ZipFile zip) throws IOException {
    this.path = path;
    this.zip = zip;
    ZipEntry pickle =
        zip.stream()
            .filter(entry -> entry.getName().matches("([^/]+/)?data\\.pkl"))
            .findFirst()
            .orElseThrow(
                () ->
                    new WeightsException(
                        path + " is a zip archive, but no torch checkpoint: it has no data.pkl."));
    root = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
    bigEndian = "big".equals(text("byteorder"));
    if (pickle.getSize() > MAX_PICKLE) {
      throw new WeightsException(
          "%s has a pickle of %,d bytes; at most %,d are read. It is not a weights file."
              .formatted(path, pickle.getSize(), MAX_PICKLE));
    }
    flatten(TorchUnpickler.read(path, bytes(pickle)));
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
  }

  /**
   * Opens a checkpoint and reads its pickle.
   *
   * @throws WeightsException if it is no checkpoint, is damaged, or asks to run anything
   */
  public static TorchFile open(Path path) {
    ZipFile zip = null;
    try {
      refuseWhatIsNoZip(path);
      zip = new ZipFile(path.toFile());
      TorchFile file = new TorchFile(path, zip);
      zip = null;
      return file;
    } catch (NoSuchFileException e) {
      throw new WeightsException(path + " does not exist.", e);
    } catch (ZipException | EOFException e) {
      throw new WeightsException(
          "%s is damaged or was cut off (%s): download or save it again."
              .formatted(path, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new WeightsException(path + " could not be read: " + e.getMessage(), e);
    } finally {
      closeQuietly(zip);
    }
  }

  private static void refuseWhatIsNoZip(Path path) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(path)) {
      start = in.readNBytes(8);
    }
    if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
      return;
    }
    if (start.length > 1 && (start[0] & 0xff) == 0x80) {
      throw new WeightsException(
          path
              + " was written in torch's old format (before 1.6). Load it in Python with"
              + " torch.load(…, weights_only=True) and save it again with torch.save, or as"
              + " safetensors.");
    }
    throw new WeightsException(path + " is no torch checkpoint." + NotWeights.hint(start));
  }

  private void flatten(Object checkpoint) {
    if (checkpoint instanceof Map<?, ?> map && map.get("state_dict") instanceof Map<?, ?> weights) {
      flatten("", weights, 0);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getValue() instanceof String
            || entry.getValue() instanceof Number
            || entry.getValue() instanceof Boolean) {
          metadata.put(entry.getKey().toString(), entry.getValue().toString());
        }
      }
    } else {
      flatten("", checkpoint, 0);
    }
  }

  private void flatten(String name, Object value, int depth) {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw new WeightsException(
          path + " nests or repeats its values without end; it is not a weights file.");
    }
    if (value instanceof StoredTensor tensor) {
      if (tensors.put(name, tensor) != null) {
        throw new WeightsException("%s names tensor '%s' twice.".formatted(path, name));
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        flatten(join(name, entry.getKey()), entry.getValue(), depth + 1);
      }
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        flatten(join(name, i), list.get(i), depth + 1);
      }
    } else if (value != null) {
      metadata.put(name, value.toString());
    }
  }

  private static String join(String name, Object key) {
    return name.isEmpty() ? key.toString() : name + "." + key;
  }

  private void check(String name, StoredTensor tensor) throws IOException {
    TorchUnpickler.Storage storage = tensor.storage();
    ZipEntry entry = zip.getEntry(root + "data/" + storage.key());
    if (entry == null) {
      throw broken(name, "refers to the storage %s, which the file lacks", storage.key());
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new WeightsException(
          "%s was compressed after torch.save wrote it; save it again with torch.save."
              .formatted(path));
    }
    long width = storage.type().getNumOfBytes();
    if (storage.elements() < 0
        || storage.elements() > entry.getSize() / width
        || entry.getSize() > Files.size(path)) {
      throw broken(
          name,
          "should have %,d values of %d bytes, where the file holds %,d bytes",
          storage.elements(),
          width,
          entry.getSize());
    }
    String problem = tensor.view().problem(storage.elements());
    if (problem != null) {
      throw broken(name, problem);
    }
  }

  private WeightsException broken(String name, String what, Object... values) {
    return new WeightsException(
        "Tensor '%s' of %s %s. The file is damaged: download or save it again."
            .formatted(name, path, what.formatted(values)));
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    StoredTensor tensor = tensor(name);
    return new TensorInfo(name, tensor.storage().type(), new Shape(tensor.view().shape()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>An expanded tensor (strides of 0) stays a view of the values that are stored: copy it before
   * writing to it.
   */
  @Override
  public NDArray read(String name, NDManager manager) {
    StoredTensor tensor = tensor(name);
    StridedView view = tensor.view();
    try {
      if (!view.isExpanded()) {
        return read(name, tensor, view, manager);
      }
      try (NDArray stored = read(name, tensor, view.reduced(), manager)) {
        return stored.broadcast(new Shape(view.shape()));
      }
    } catch (IOException e) {
      throw new WeightsException(
          "Tensor '%s' of %s could not be read: %s".formatted(name, path, e), e);
    }
  }

  private NDArray read(String name, StoredTensor tensor, StridedView view, NDManager manager)
      throws IOException {
    DataType type = tensor.storage().type();
    int width = type.getNumOfBytes();
    TensorInfo info = new TensorInfo(name, type, new Shape(view.shape()));
    long start = view.offset() * width;
    if (view.isContiguous() || info.elements() == 0) {
      return TensorBytes.create(
          manager, info, (target, position) -> stream(tensor, start + position, target));
    }
    long span = view.span() * width;
    if (span > TensorBytes.PIECE) {
      throw new WeightsException(
          "Tensor '%s' of %s is larger than 1 GiB and not contiguous; save tensor.contiguous() instead."
              .formatted(name, path));
    }
    ByteBuffer stored = ByteBuffer.allocateDirect((int) span);
    stream(tensor, start, stored);
    return TensorBytes.create(
        manager, info, (target, position) -> view.gather(stored, target, position / width, width));
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    StoredTensor tensor = tensor(name);
    StridedView view = tensor.view();
    TensorInfo info = info(name);
    if (bigEndian || view.isExpanded() || !view.isContiguous() || !TensorBytes.canMap(info)) {
      return read(name, manager);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long start = storageOffset(tensor.storage().key());
      long first = view.offset() * info.type().getNumOfBytes();
      return TensorBytes.map(manager, info, channel, start + first);
    } catch (IOException e) {
      throw new WeightsException(
          "Tensor '%s' of %s could not be mapped: %s".formatted(name, path, e), e);
    }
  }

  /** Where a storage begins in the file, which Java's own zip reader does not say. */
  private long storageOffset(String key) throws IOException {
    if (storageOffsets == null) {
      Map<String, Long> offsets = new HashMap<>();
      try (var archive =
          org.apache.commons.compress.archivers.zip.ZipFile.builder().setPath(path).get()) {
        archive
            .getEntries()
            .asIterator()
            .forEachRemaining(entry -> offsets.put(entry.getName(), entry.getDataOffset()));
      }
      storageOffsets = offsets;
    }
    Long offset = storageOffsets.get(root + "data/" + key);
    if (offset == null || offset < 0) {
      throw new ZipException("the archive's list of contents does not say where it begins");
    }
    return offset;
  }

  /** Fills the target from a storage, as little-endian numbers. */
  private void stream(StoredTensor tensor, long position, ByteBuffer target) throws IOException {
    ZipEntry entry = zip.getEntry(root + "data/" + tensor.storage().key());
    int width = tensor.storage().type().getNumOfBytes();
    byte[] chunk = new byte[Math.min(CHUNK, target.remaining())];
    try (InputStream in = zip.getInputStream(entry)) {
      in.skipNBytes(position);
      while (target.hasRemaining()) {
        int count = Math.min(chunk.length, target.remaining());
        if (in.readNBytes(chunk, 0, count) < count) {
          throw new EOFException("the file ends within it");
        }
        if (bigEndian) {
          reverse(chunk, count, width);
        }
        target.put(chunk, 0, count);
      }
    }
  }

  private static void reverse(byte[] bytes, int count, int width) {
    for (int start = 0; start < count; start += width) {
      for (int i = start, j = start + width - 1; i < j; i++, j--) {
        byte swapped = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = swapped;
      }
    }
  }

  private StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new WeightsException(
          "%s has no tensor '%s'; the nearest name is '%s'."
              .formatted(path, name, NearestName.of(name, names())));
    }
    return tensor;
  }

  private String text(String name) throws IOException {
    ZipEntry entry = zip.getEntry(root + name);
    return entry == null || entry.getSize() > 100 ? "" : new String(bytes(entry)).strip();
  }

  private byte[] bytes(ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes((int) MAX_PICKLE);
    }
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() {
    closeQuietly(zip);
  }

  @Override
  public String toString() {
    return path + " (" + tensors.size() + " tensors)";
  }

  private static void closeQuietly(ZipFile zip) {
    if (zip != null) {
      try {
        zip.close();
      } catch (IOException e) {
        // Nothing was written, so nothing is lost.
      }
    }
  }
}
