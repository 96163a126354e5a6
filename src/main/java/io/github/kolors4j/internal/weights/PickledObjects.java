package io.github.kolors4j.internal.weights;

import io.github.kolors4j.WeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What Python's functions and classes that may stand in a checkpoint would build. None of Python's
 * is run; any other name is refused.
 *
 * <p>Beside those that {@code torch.load(weights_only=True)} allows these are data that trainers
 * keep next to the weights: numpy's numbers, sets, and the options that {@code argparse} read.
 */
final class PickledObjects {

  /**
   * A tensor whose values lie elsewhere in the checkpoint.
   *
   * @param type as what the storage's bytes are read
   * @param view in values of that type
   */
  record StoredTensor(Storage storage, ElementType type, StridedView view) {}

  /**
   * The checkpoint's entry {@code data/key}.
   *
   * @param type null for plain bytes
   * @param elements values of the type, or bytes
   */
  record Storage(@Nullable ElementType type, String key, long elements) {

    /** The number of values of a type that it has room for. */
    long elements(ElementType as) {
      return type == null ? elements / as.bytes() : elements;
    }
  }

  /** A name of Python's: a function, a class, or a torch type. */
  record Global(String module, String name) {

    @Override
    public String toString() {
      return shortened(module + "." + name);
    }
  }

  /** A value that is no weights and is not read, such as a numpy array. */
  record Opaque(String what) {}

  /** The options of a command line, by name. */
  private static final class Namespace extends LinkedHashMap<Object, Object> {}

  /** Torch's storage classes, by what they hold. */
  static final Map<String, ElementType> STORAGES =
      Map.of(
          "FloatStorage", ElementType.F32,
          "DoubleStorage", ElementType.F64,
          "HalfStorage", ElementType.F16,
          "BFloat16Storage", ElementType.BF16,
          "LongStorage", ElementType.I64,
          "IntStorage", ElementType.I32,
          "ShortStorage", ElementType.I16,
          "CharStorage", ElementType.I8,
          "ByteStorage", ElementType.U8,
          "BoolStorage", ElementType.BOOL);

  private static final String UNTYPED = "torch.storage.UntypedStorage";

  private static final Set<String> BUILDERS =
      Set.of(
          "collections.OrderedDict",
          "collections.Counter",
          "argparse.Namespace",
          "builtins.set",
          "builtins.frozenset",
          "__builtin__.set",
          "__builtin__.frozenset",
          "_codecs.encode",
          "numpy.dtype",
          "numpy.ndarray",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray._reconstruct",
          "torch.Size",
          "torch.device",
          "torch.Tensor",
          "torch.nn.parameter.Parameter",
          "torch._tensor._rebuild_from_type_v2",
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3",
          "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state");

  /** How torch rebuilds tensors that have no plain row of numbers, and the remedy. */
  private static final Map<String, String> OTHER_TENSORS =
      Map.of(
          "torch._utils._rebuild_qtensor", "a quantised tensor; save tensor.dequantize()",
          "torch._utils._rebuild_sparse_tensor", "a sparse tensor; save tensor.to_dense()",
          "torch._utils._rebuild_sparse_csr_tensor", "a sparse tensor; save tensor.to_dense()",
          "torch._utils._rebuild_nested_tensor", "a nested tensor; save its parts",
          "torch._utils._rebuild_meta_tensor_no_storage",
              "a tensor without values (on the device meta); save the model after its weights are loaded",
          "torch._utils._rebuild_device_tensor_from_numpy",
              "a tensor of another device, kept by numpy; save tensor.cpu()");

  /** Torch's types besides those that are read. They may be named; a tensor of one is refused. */
  private static final String OTHER_TYPES =
      "complex(32|64|128)|q(ui|i)nt\\w+|bits\\w+|float\\d+\\w*|u?int[1-7]";

  private final Path path;
  private final IntConsumer spend;
  private final Consumer<Object> requireKey;

  /**
   * @param path the checkpoint, for messages
   * @param spend is told of each step that depends on how long a list is
   * @param requireKey refuses what is no key of a dictionary
   */
  PickledObjects(Path path, IntConsumer spend, Consumer<Object> requireKey) {
    this.path = path;
    this.spend = spend;
    this.requireKey = requireKey;
  }

  /** A name that stands in the pickle. */
  Global global(String module, String name) {
    Global global = new Global(module, name);
    String full = module + "." + name;
    boolean storage = module.equals("torch") && name.endsWith("Storage");
    if (storage && !STORAGES.containsKey(name)) {
      throw unreadable(global);
    }
    if (OTHER_TENSORS.containsKey(full)) {
      throw new WeightsException(
          "%s holds what cannot be read here: %s.".formatted(path, OTHER_TENSORS.get(full)));
    }
    boolean type =
        module.equals("torch") && (ElementType.ofTorch(name) != null || name.matches(OTHER_TYPES));
    if (!storage && !type && !full.equals(UNTYPED) && !BUILDERS.contains(full)) {
      throw new WeightsException(
          "%s asks to run `%s`; this is not a weights file. Nothing of it was run. Do not load it elsewhere either, unless you trust who made it; a checkpoint of your own can be saved anew as a plain state_dict."
              .formatted(path, global));
    }
    return global;
  }

  private WeightsException unreadable(Object type) {
    return new WeightsException(
        "%s stores numbers as %s, which cannot be read here; convert them to float32 in Python first."
            .formatted(path, type));
  }

  /** Does what the named Python function would. */
  Object call(Object function, List<Object> arguments) {
    String name = ((Global) function).toString();
    return switch (name) {
      case "collections.OrderedDict", "collections.Counter" -> dictionary(arguments);
      case "argparse.Namespace" -> new Namespace();
      case "builtins.set", "builtins.frozenset", "__builtin__.set", "__builtin__.frozenset" ->
          arguments.isEmpty() ? new ArrayList<>() : list(arguments.get(0));
      case "_codecs.encode" -> encoded(arguments);
      case "numpy.dtype" -> new NumpyType((String) arguments.get(0), true);
      case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" -> scalar(arguments);
      case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" ->
          new Opaque("a numpy array; save torch.from_numpy(array)");
      case "torch.Size" -> list(arguments.get(0));
      case "torch.device" -> (String) arguments.get(0);
      case "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_tensor_v3" ->
          tensor(name.endsWith("v3"), arguments);
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          (StoredTensor) arguments.get(0);
      case "torch._tensor._rebuild_from_type_v2" ->
          // (function, class, arguments, state): a tensor with attributes of its own
          call(rebuilding(arguments.get(0)), list(arguments.get(2)));
      default ->
          throw new WeightsException(
              "%s asks to call `%s`, which is no function. The file is damaged: download or save it again."
                  .formatted(path, name));
    };
  }

  /** One of the functions that make a tensor, so that a call in a call ends there. */
  private static Global rebuilding(Object function) {
    Global global = (Global) function;
    if (!global.module().equals("torch._utils")) {
      throw new IllegalArgumentException(global + " makes no tensor");
    }
    return global;
  }

  private Map<Object, Object> dictionary(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return map;
    }
    if (arguments.get(0) instanceof Map<?, ?> other) {
      spend.accept(other.size());
      map.putAll(other);
      return map;
    }
    List<Object> pairs = list(arguments.get(0));
    spend.accept(pairs.size());
    for (Object pair : pairs) {
      requireKey.accept(list(pair).get(0));
      map.put(list(pair).get(0), list(pair).get(1));
    }
    return map;
  }

  /** Bytes as pickles before protocol 3 have them: a text of as many characters. */
  private static String encoded(List<Object> arguments) {
    if (!"latin1".equals(arguments.get(1))) {
      throw new IllegalArgumentException("bytes in " + arguments.get(1));
    }
    return (String) arguments.get(0);
  }

  /**
   * A numpy type.
   *
   * @param name such as {@code f8}: a kind and a number of bytes
   */
  private record NumpyType(String name, boolean littleEndian) {}

  private static Object scalar(List<Object> arguments) {
    NumpyType type = (NumpyType) arguments.get(0);
    String value = (String) arguments.get(1);
    if (!type.littleEndian() || value.length() > Long.BYTES) {
      return new Opaque("a numpy number of an unusual kind");
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type.name()) {
      case "f8" -> bytes.getDouble();
      case "f4" -> (double) bytes.getFloat();
      case "i8" -> bytes.getLong();
      case "i4" -> (long) bytes.getInt();
      case "u4" -> bytes.getInt() & 0xffffffffL;
      case "i2" -> (long) bytes.getShort();
      case "u2" -> (long) (bytes.getShort() & 0xffff);
      case "i1" -> (long) bytes.get();
      case "u1" -> (long) (bytes.get() & 0xff);
      case "b1" -> bytes.get() != 0;
      default -> new Opaque("a numpy number of the type " + shortened(type.name()));
    };
  }

  /** (storage, offset, size, stride, …); the newest form has the type as its seventh argument. */
  private StoredTensor tensor(boolean typed, List<Object> arguments) {
    Storage storage = (Storage) arguments.get(0);
    ElementType type = storage.type();
    int next = 6;
    if (typed) {
      Global named = (Global) arguments.get(next++);
      type = ElementType.ofTorch(named.name());
      if (type == null) {
        throw unreadable(named);
      }
    }
    if (type == null || storage.type() != null && storage.type() != type) {
      throw new IllegalArgumentException("a tensor without a type");
    }
    if (arguments.size() > next && arguments.get(next) instanceof Map<?, ?> marks) {
      for (String mark : List.of("neg", "conj")) {
        if (Boolean.TRUE.equals(marks.get(mark))) {
          throw new WeightsException(
              "%s holds a tensor with its numbers marked as to be turned (%s); save tensor.resolve_%s()."
                  .formatted(path, mark, mark));
        }
      }
    }
    return new StoredTensor(
        storage,
        type,
        new StridedView(
            (Long) arguments.get(1),
            numbers(list(arguments.get(2))),
            numbers(list(arguments.get(3)))));
  }

  private static long[] numbers(List<Object> values) {
    if (values.size() > StridedView.MAX_DIMENSIONS) {
      throw new IllegalArgumentException("more dimensions than torch has");
    }
    return values.stream().mapToLong(value -> (Long) value).toArray();
  }

  /** A persistent id: ('storage', class, key, device, number of values). */
  Storage storage(List<Object> id) {
    Global type = (Global) id.get(1);
    boolean untyped = (type.module() + "." + type.name()).equals(UNTYPED);
    ElementType elements = STORAGES.get(type.name());
    if (!"storage".equals(id.get(0)) || elements == null && !untyped) {
      throw new WeightsException(
          "%s refers to something that is no tensor storage (%s). The file is damaged: download or save it again."
              .formatted(path, type));
    }
    String key = (String) id.get(2);
    if (key.length() > 100) {
      throw new IllegalArgumentException(
          "the name of an entry with " + key.length() + " characters");
    }
    return new Storage(untyped ? null : elements, key, (Long) id.get(4));
  }

  /**
   * Gives a built object the state that the pickle has for it. A dictionary's is what a state_dict
   * carries besides its entries (its {@code _metadata}), or the options of a {@code Namespace}.
   */
  Object withState(Object built, @Nullable Object state) {
    if (built instanceof NumpyType type) {
      return new NumpyType(type.name(), !">".equals(list(Objects.requireNonNull(state)).get(1)));
    }
    if (built instanceof Opaque) {
      return built;
    }
    if (built instanceof Namespace options) {
      Map<Object, Object> more = map(Objects.requireNonNull(state));
      spend.accept(more.size());
      options.putAll(more);
    }
    return map(built);
  }

  /** A text for a message, which a file may have made of any length. */
  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked")
  static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }
}
