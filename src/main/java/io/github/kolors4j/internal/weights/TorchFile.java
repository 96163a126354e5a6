package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.files.ForeignFile;
import io.github.kolors4j.internal.weights.PickledObjects.Opaque;
import io.github.kolors4j.internal.weights.PickledObjects.StoredTensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

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
  private static final long MAX_PICKLE = 20_000_000;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 1_000_000;
  private static final long MAX_NAMES = 16_000_000;

  /** How many times over the file's length its tensors may take together, by sharing storages. */
  private static final int MAX_SHARING = 8;

  /** What an expanded tensor may have of values at most. */
  private static final long MAX_EXPANDED = 1L << 30;

  /** Above this, in bytes, what is to be gathered is mapped, not read. */
  private static final long MAPPED = 1L << 26;

  private final Path path;
  private final TorchArchive archive;
  private final String root;
  private final boolean bigEndian;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int values;
  private long nameLengths;

  private TorchFile(Path path, TorchArchive archive) throws IOException {
    this.path = path;
    this.archive = archive;
    String found = archive.root();
    if (found == null) {
      throw new WeightsException(
          path + " is a zip archive, but no torch checkpoint: it has no data.pkl.");
    }
    root = found;
    if (archive.has(root + "constants.pkl")) {
      throw new WeightsException(
          path
              + " is a TorchScript program, not weights. In Python, save the weights alone:"
              + " torch.save(torch.jit.load(path).state_dict(), …), or as safetensors.");
    }
    bigEndian = "big".equals(byteOrder());
    TorchArchive.Entry pickle = Objects.requireNonNull(entry("data.pkl"));
    if (pickle.size() > MAX_PICKLE) {
      throw new WeightsException(
          "%s has a pickle of %,d bytes; at most %,d are read. It is not a weights file."
              .formatted(path, pickle.size(), MAX_PICKLE));
    }
    flatten(TorchUnpickler.read(path, archive.bytes(pickle)));
    long bytes = 0;
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      StoredTensor tensor = entry.getValue();
      check(entry.getKey(), tensor);
      bytes += tensor.view().reduced().elements() * tensor.type().bytes();
      if (bytes / MAX_SHARING > Files.size(path)) {
        throw new WeightsException(
            "%s has tensors that take more than %d times its length, all on the same values: it is no file of a model's weights."
                .formatted(path, MAX_SHARING));
      }
    }
  }

  /**
   * Opens a checkpoint and reads its pickle.
   *
   * @throws WeightsException if it is no checkpoint, is damaged, or asks to run anything
   */
  public static TorchFile open(Path path) {
    TorchArchive archive = null;
    try {
      refuseWhatIsNoZip(path);
      archive = TorchArchive.open(path);
      TorchFile file = new TorchFile(path, archive);
      archive = null;
      return file;
    } catch (ZipException | EOFException e) {
      throw new WeightsException(
          "%s is damaged or was cut off (%s): download or save it again."
              .formatted(path, e.getMessage()),
          e);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    } finally {
      if (archive != null) {
        archive.close();
      }
    }
  }

  /** An entry of the archive, or null if there is none. */
  private TorchArchive.@Nullable Entry entry(String name) throws IOException {
    if (archive.isCompressed(root + name)) {
      throw new WeightsException(
          "%s was compressed after torch.save wrote it; save it again with torch.save."
              .formatted(path));
    }
    return archive.entry(root + name);
  }

  private String byteOrder() throws IOException {
    TorchArchive.Entry entry = entry("byteorder");
    return entry == null || entry.size() > 100
        ? ""
        : new String(archive.bytes(entry), StandardCharsets.US_ASCII).strip();
  }

  private static void refuseWhatIsNoZip(Path path) throws IOException {
    ForeignFile.requireRegular(path);
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

  private void flatten(@Nullable Object checkpoint) {
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

  private void flatten(String name, @Nullable Object value, int depth) {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw new WeightsException(
          path + " nests or repeats its values without end; it is not a weights file.");
    }
    nameLengths += name.length();
    if (nameLengths > MAX_NAMES) {
      throw new WeightsException(
          path + " has names that are too long together; it is not a weights file.");
    }
    if (value instanceof Opaque opaque) {
      throw new WeightsException(
          "%s holds as '%s' what cannot be read here: %s.".formatted(path, name, opaque.what()));
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
    PickledObjects.Storage storage = tensor.storage();
    TorchArchive.Entry entry = entry("data/" + storage.key());
    if (entry == null) {
      throw broken(name, "refers to the storage %s, which the file lacks", storage.key());
    }
    long width = storage.type() == null ? 1 : storage.type().bytes();
    if (storage.elements() < 0 || storage.elements() > entry.size() / width) {
      throw broken(
          name,
          "should have %,d values of %d bytes, where the file holds %,d bytes",
          storage.elements(),
          width,
          entry.size());
    }
    String problem = tensor.view().problem(storage.elements(tensor.type()));
    if (problem != null) {
      throw broken(name, "%s", problem);
    }
    if (tensor.view().isExpanded() && tensor.view().elements() > MAX_EXPANDED) {
      throw broken(name, "repeats its values to %,d", tensor.view().elements());
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
    return new TensorInfo(name, tensor.type().describedAs(), new Shape(tensor.view().shape()));
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
      throw unreadable(name, e);
    }
  }

  private WeightsException unreadable(String name, IOException e) {
    return ReadFailure.of("Tensor '%s' of %s".formatted(name, path), e);
  }

  private NDArray read(String name, StoredTensor tensor, StridedView view, NDManager manager)
      throws IOException {
    ElementType type = tensor.type();
    int width = type.bytes();
    Shape shape = new Shape(view.shape());
    TorchArchive.Entry entry = stored(tensor);
    long start = view.offset() * width;
    TensorBytes.Source source;
    if (view.isContiguous() || view.elements() == 0) {
      TorchArchive.EntryReader reader = archive.reader(entry);
      source = (target, position) -> reader.read(target, start + position);
    } else {
      long span = view.span() * width;
      if (span > TensorBytes.PIECE) {
        throw new WeightsException(
            "Tensor '%s' of %s is larger than 1 GiB and not contiguous; save tensor.contiguous() instead."
                .formatted(name, path));
      }
      ByteBuffer stored = bytes(entry, start, (int) span);
      source = (target, position) -> view.gather(stored, target, position / width, width);
    }
    return TensorBytes.create(manager, shape, type, bigEndian ? reversed(source, width) : source);
  }

  /** Where a tensor's storage lies, which {@link #check} has found. */
  private TorchArchive.Entry stored(StoredTensor tensor) throws IOException {
    return Objects.requireNonNull(entry("data/" + tensor.storage().key()));
  }

  private ByteBuffer bytes(TorchArchive.Entry entry, long start, int length) throws IOException {
    if (length > MAPPED) {
      return archive.channel().map(FileChannel.MapMode.READ_ONLY, entry.offset() + start, length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    archive.reader(entry).read(bytes, start);
    return bytes.flip();
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    StoredTensor tensor = tensor(name);
    StridedView view = tensor.view();
    Shape shape = new Shape(view.shape());
    if (bigEndian
        || view.isExpanded()
        || !view.isContiguous()
        || !TensorBytes.canMap(shape, tensor.type())) {
      return read(name, manager);
    }
    try {
      long start = stored(tensor).offset();
      long first = view.offset() * tensor.type().bytes();
      return TensorBytes.map(manager, shape, tensor.type(), archive.channel(), start + first);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** The same numbers, each with its bytes in the other order. */
  private static TensorBytes.Source reversed(TensorBytes.Source source, int width) {
    return (target, position) -> {
      ByteBuffer piece = target.slice();
      source.read(target, position);
      for (int start = 0; start < piece.limit(); start += width) {
        for (int i = start, j = start + width - 1; i < j; i++, j--) {
          byte swapped = piece.get(i);
          piece.put(i, piece.get(j));
          piece.put(j, swapped);
        }
      }
    };
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

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() {
    archive.close();
  }

  @Override
  public String toString() {
    return path + " (" + tensors.size() + " tensors)";
  }
}
