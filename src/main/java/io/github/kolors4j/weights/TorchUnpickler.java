package io.github.kolors4j.weights;

import ai.djl.ndarray.types.DataType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Reads the pickle inside a torch checkpoint without running anything. A pickle is a program for a
 * small stack machine that may name any Python function and have it called; this one knows the few
 * that build tensors and dictionaries, does their work itself, and refuses every other by name, as
 * {@code torch.load(weights_only=True)} does (torch/_weights_only_unpickler.py).
 *
 * <p>The result is made of {@link Map}, {@link List} (lists, tuples and sizes), {@link String},
 * {@link Long}, {@link Double}, {@link Boolean}, null and {@link StoredTensor}.
 */
final class TorchUnpickler {

  /** A tensor whose values lie elsewhere in the checkpoint. */
  record StoredTensor(Storage storage, StridedView view) {}

  /** A row of numbers in the checkpoint's entry {@code data/key}. */
  record Storage(DataType type, String key, long elements) {}

  /** A name of Python's that may stand in a checkpoint. */
  private record Global(String module, String name) {

    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /** Torch's storage classes, by the type that they hold. */
  static final Map<String, DataType> STORAGES =
      Map.of(
          "FloatStorage", DataType.FLOAT32,
          "DoubleStorage", DataType.FLOAT64,
          "HalfStorage", DataType.FLOAT16,
          "BFloat16Storage", DataType.BFLOAT16,
          "LongStorage", DataType.INT64,
          "IntStorage", DataType.INT32,
          "ShortStorage", DataType.INT16,
          "CharStorage", DataType.INT8,
          "ByteStorage", DataType.UINT8,
          "BoolStorage", DataType.BOOLEAN);

  private static final Set<String> BUILDERS =
      Set.of(
          "collections.OrderedDict",
          "torch.Size",
          "torch.device",
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_parameter");

  private static final Set<String> TYPES =
      Set.of(
          "float16",
          "float32",
          "float64",
          "bfloat16",
          "uint8",
          "int8",
          "int16",
          "int32",
          "int64",
          "bool");

  private static final Object MARK = new Object();

  /** Stands for None, which a deque cannot hold. */
  private static final Object NONE = new Object();

  private final Path path;
  private final ByteBuffer pickle;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private TorchUnpickler(Path path, byte[] pickle) {
    this.path = path;
    this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a pickle.
   *
   * @param path the checkpoint, for messages
   * @param pickle its {@code data.pkl}
   * @throws WeightsException if it is damaged or asks for anything but tensors and plain values
   */
  static Object read(Path path, byte[] pickle) {
    try {
      return new TorchUnpickler(path, pickle).run();
    } catch (BufferUnderflowException
        | NoSuchElementException
        | ClassCastException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      throw new WeightsException(
          path + " is damaged: its pickle makes no sense. Download or save it again.", e);
    }
  }

  private Object run() {
    while (true) {
      int position = pickle.position();
      int code = pickle.get() & 0xff;
      switch (code) {
        case 0x80 -> pickle.get(); // PROTO
        case 0x95 -> pickle.getLong(); // FRAME
        case '.' -> {
          return plain(stack.pop());
        }
        case '(' -> stack.push(MARK);
        case '0' -> stack.pop();
        case 'N' -> stack.push(NONE);
        case 0x88 -> stack.push(true);
        case 0x89 -> stack.push(false);
        case 'J' -> stack.push((long) pickle.getInt());
        case 'K' -> stack.push((long) unsignedByte());
        case 'M' -> stack.push((long) (pickle.getShort() & 0xffff));
        case 0x8a -> stack.push(longNumber());
        case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(pickle.getLong())));
        case 'X' -> stack.push(text(pickle.getInt()));
        case 0x8c, 'U' -> stack.push(text(unsignedByte()));
        case '}' -> stack.push(new LinkedHashMap<Object, Object>());
        case ']' -> stack.push(new ArrayList<Object>());
        case ')' -> stack.push(List.of());
        case 0x85 -> tuple(1);
        case 0x86 -> tuple(2);
        case 0x87 -> tuple(3);
        case 't' -> stack.push(Collections.unmodifiableList(popToMark()));
        case 'a' -> {
          Object item = plain(stack.pop());
          list(stack.peek()).add(item);
        }
        case 'e' -> {
          List<Object> items = popToMark();
          list(stack.peek()).addAll(items);
        }
        case 's' -> {
          Object value = stack.pop();
          Object key = stack.pop();
          put(key, plain(value));
        }
        case 'u' -> {
          List<Object> items = popToMark();
          for (int i = 0; i < items.size(); i += 2) {
            put(items.get(i), items.get(i + 1));
          }
        }
        case 'q' -> memo.put(unsignedByte(), top());
        case 'r' -> memo.put(pickle.getInt(), top());
        case 0x94 -> memo.put(memo.size(), top());
        case 'h' -> recall(unsignedByte());
        case 'j' -> recall(pickle.getInt());
        case 'c' -> stack.push(global(line(), line()));
        case 0x93 -> {
          String name = (String) stack.pop();
          stack.push(global((String) stack.pop(), name));
        }
        case 'Q' -> stack.push(storage(list(stack.pop())));
        case 'R', 0x81 -> {
          List<Object> arguments = list(stack.pop());
          stack.push(build((Global) stack.pop(), arguments));
        }
        case 'b' -> {
          // The attributes that a state_dict carries besides its entries (its _metadata).
          stack.pop();
          map(top());
        }
        default ->
            throw new WeightsException(
                "%s holds the pickle instruction 0x%02x at %d, which no weights file needs."
                    .formatted(path, code, position));
      }
    }
  }

  private Global global(String module, String name) {
    Global global = new Global(module, name);
    boolean storage = module.equals("torch") && name.endsWith("Storage");
    if (storage && !STORAGES.containsKey(name)) {
      throw new WeightsException(
          "%s stores numbers as %s, which cannot be read here; convert them to float32 in Python first."
              .formatted(path, global));
    }
    boolean type = module.equals("torch") && TYPES.contains(name);
    if (!storage && !type && !BUILDERS.contains(global.toString())) {
      throw new WeightsException(
          "%s asks to run `%s`; this is not a weights file. Nothing of it was run. Do not load it elsewhere either, unless you trust who made it; a checkpoint of your own can be saved anew as a plain state_dict."
              .formatted(path, global));
    }
    return global;
  }

  /** Does what the named Python function would. */
  private Object build(Global function, List<Object> arguments) {
    return switch (function.toString()) {
      case "collections.OrderedDict" -> orderedDict(arguments);
      case "torch.Size" -> list(arguments.get(0));
      case "torch.device" -> arguments.get(0);
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
          new StoredTensor(
              (Storage) arguments.get(0),
              new StridedView(
                  (Long) arguments.get(1),
                  numbers(list(arguments.get(2))),
                  numbers(list(arguments.get(3)))));
      case "torch._utils._rebuild_parameter" -> arguments.get(0);
      default ->
          throw new WeightsException(
              "%s asks to call `%s`, which is no function.".formatted(path, function));
    };
  }

  private static Map<Object, Object> orderedDict(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      for (Object pair : list(arguments.get(0))) {
        map.put(list(pair).get(0), list(pair).get(1));
      }
    }
    return map;
  }

  /** A persistent id: ('storage', class, key, device, number of values). */
  private Storage storage(List<Object> id) {
    Global type = (Global) id.get(1);
    DataType dataType = STORAGES.get(type.name());
    if (!"storage".equals(id.get(0)) || dataType == null) {
      throw new WeightsException(
          "%s refers to something that is no tensor storage (%s).".formatted(path, type));
    }
    return new Storage(dataType, (String) id.get(2), (Long) id.get(4));
  }

  private void put(Object key, Object value) {
    if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) {
      throw new WeightsException(path + " has a dictionary whose keys are no names or numbers.");
    }
    map(stack.peek()).put(key, value);
  }

  private void tuple(int length) {
    Object[] items = new Object[length];
    for (int i = length - 1; i >= 0; i--) {
      items[i] = plain(stack.pop());
    }
    stack.push(Collections.unmodifiableList(Arrays.asList(items)));
  }

  private List<Object> popToMark() {
    List<Object> items = new ArrayList<>();
    for (Object item = stack.pop(); item != MARK; item = stack.pop()) {
      items.add(plain(item));
    }
    Collections.reverse(items);
    return items;
  }

  private Object top() {
    return stack.getFirst();
  }

  private void recall(int number) {
    Object value = memo.get(number);
    if (value == null) {
      throw new NoSuchElementException();
    }
    stack.push(value);
  }

  private int unsignedByte() {
    return pickle.get() & 0xff;
  }

  private long longNumber() {
    int length = unsignedByte();
    byte[] bytes = bytes(length);
    if (length > 8) {
      throw new ArithmeticException("a number of more than eight bytes");
    }
    long value = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private String text(int length) {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > pickle.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    pickle.get(bytes);
    return bytes;
  }

  private String line() {
    int start = pickle.position();
    int length = 0;
    while (pickle.get() != '\n') {
      length++;
    }
    return new String(pickle.array(), start, length, StandardCharsets.UTF_8);
  }

  private static Object plain(Object value) {
    if (value == MARK) {
      throw new NoSuchElementException();
    }
    return value == NONE ? null : value;
  }

  private static long[] numbers(List<Object> values) {
    return values.stream().mapToLong(value -> (Long) value).toArray();
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }
}
