package io.github.kolors4j.internal.weights;

import io.github.kolors4j.WeightsException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickle inside a torch checkpoint without running anything. A pickle is a program for a
 * small stack machine that may name any Python function and have it called; this one knows the few
 * that build tensors, dictionaries and plain values ({@link PickledObjects}), does their work
 * itself, and refuses every other by name, as {@code torch.load(weights_only=True)} does
 * (torch/_weights_only_unpickler.py).
 *
 * <p>The program has no loops, so it takes as many steps as it is long; a limit to them is a limit
 * to time and memory. Only texts and numbers are keys of a dictionary: to look up a list that holds
 * itself, or one list of lists many times over, would take forever.
 *
 * <p>The result is made of {@link Map}, {@link List} (lists, tuples, sets and sizes), {@link
 * String} (texts, and bytes one a character), {@link Long}, {@link BigInteger}, {@link Double},
 * {@link Boolean}, null and the records of {@link PickledObjects}.
 */
final class TorchUnpickler {

  /** Steps of the program; a model's weights take about 40 for each tensor. */
  private static final int MAX_STEPS = 2_000_000;

  private static final int MAX_KEY = 1_000;
  private static final int MAX_NUMBER = 255;

  private static final Object MARK = new Object();

  /** Stands for None, which a deque cannot hold. */
  private static final Object NONE = new Object();

  private final Path path;
  private final ByteBuffer pickle;
  private final PickledObjects objects;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int steps;

  private TorchUnpickler(Path path, byte[] pickle) {
    this.path = path;
    this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    objects = new PickledObjects(path, this::spend, this::requireKey);
  }

  /**
   * Reads a pickle.
   *
   * @param path the checkpoint, for messages
   * @param pickle its {@code data.pkl}
   * @throws WeightsException if it is damaged, asks for anything but tensors and plain values, or
   *     has too many of them
   */
  static @Nullable Object read(Path path, byte[] pickle) {
    try {
      return new TorchUnpickler(path, pickle).run();
    } catch (WeightsException e) {
      throw e;
    } catch (RuntimeException e) {
      // A program that makes no sense takes what is not there, of whatever kind that is: an end, a
      // mark, a list, a number, an index.
      throw new WeightsException(
          path + " is damaged: its pickle makes no sense. Download or save it again.", e);
    }
  }

  private @Nullable Object run() {
    while (true) {
      spend(1);
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
        case 0x8a -> stack.push(wholeNumber(unsignedByte()));
        case 0x8b -> stack.push(wholeNumber(pickle.getInt()));
        case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(pickle.getLong())));
        case 'X' -> stack.push(text(pickle.getInt(), StandardCharsets.UTF_8));
        case 0x8c -> stack.push(text(unsignedByte(), StandardCharsets.UTF_8));
        case 'T', 'B' -> stack.push(text(pickle.getInt(), StandardCharsets.ISO_8859_1));
        case 'U', 'C' -> stack.push(text(unsignedByte(), StandardCharsets.ISO_8859_1));
        case '}' -> stack.push(new LinkedHashMap<Object, Object>());
        case ']', 0x8f -> stack.push(new ArrayList<Object>());
        case ')' -> stack.push(List.of());
        case 0x85 -> tuple(1);
        case 0x86 -> tuple(2);
        case 0x87 -> tuple(3);
        case 't', 0x91 -> stack.push(Collections.unmodifiableList(popToMark()));
        case 'a' -> {
          Object item = plain(stack.pop());
          PickledObjects.list(stack.peek()).add(item);
        }
        case 'e', 0x90 -> {
          List<Object> items = popToMark();
          PickledObjects.list(stack.peek()).addAll(items);
        }
        case 's' -> {
          Object value = plain(stack.pop());
          put(stack.pop(), value);
        }
        case 'u' -> {
          List<Object> items = popToMark();
          for (int i = 0; i < items.size(); i += 2) {
            put(items.get(i), items.get(i + 1));
          }
        }
        case 'q' -> memo.put(unsignedByte(), stack.getFirst());
        case 'r' -> memo.put(pickle.getInt(), stack.getFirst());
        case 0x94 -> memo.put(memo.size(), stack.getFirst());
        case 'h' -> recall(unsignedByte());
        case 'j' -> recall(pickle.getInt());
        case 'c' -> stack.push(objects.global(line(), line()));
        case 0x93 -> {
          String name = (String) stack.pop();
          stack.push(objects.global((String) stack.pop(), name));
        }
        case 'Q' -> stack.push(objects.storage(PickledObjects.list(stack.pop())));
        case 'R', 0x81 -> {
          List<Object> arguments = PickledObjects.list(stack.pop());
          Object built = objects.call(stack.pop(), arguments);
          stack.push(built == null ? NONE : built);
        }
        case 'b' -> {
          Object state = plain(stack.pop());
          stack.push(objects.withState(stack.pop(), state));
        }
        default ->
            throw new WeightsException(
                "%s holds the pickle instruction 0x%02x at %d, which no weights file needs. Save the weights alone, as torch.save(model.state_dict(), …), or as safetensors."
                    .formatted(path, code, position));
      }
    }
  }

  private void spend(int count) {
    steps += count;
    if (steps > MAX_STEPS || steps < 0) {
      throw new WeightsException(
          "%s takes more than %,d steps to unpickle: it is not a file of weights alone. Save the weights with torch.save(model.state_dict(), …), or as safetensors."
              .formatted(path, MAX_STEPS));
    }
  }

  private void put(Object key, @Nullable Object value) {
    requireKey(key);
    PickledObjects.map(stack.peek()).put(key, value);
  }

  private void requireKey(Object key) {
    boolean number = key instanceof Long || key instanceof Double || key instanceof Boolean;
    if (!number && !(key instanceof String)) {
      throw new WeightsException(
          path
              + " has a dictionary whose keys are no names or numbers. Save the weights alone, with"
              + " torch.save(model.state_dict(), …), or as safetensors.");
    }
    if (key instanceof String name && name.length() > MAX_KEY) {
      throw new WeightsException(
          "%s has a dictionary with a key of %,d characters, longer than any tensor's name: it is not a weights file."
              .formatted(path, name.length()));
    }
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

  /** A whole number of any length, little-endian with a sign; nothing is 0. */
  private Object wholeNumber(int length) {
    if (length < 0 || length > MAX_NUMBER) {
      throw new ArithmeticException("a number of " + length + " bytes");
    }
    byte[] bytes = new byte[1 + length];
    for (int i = length; i > 0; i--) {
      bytes[i] = pickle.get();
    }
    bytes[0] = (byte) (length > 0 && bytes[1] < 0 ? -1 : 0);
    BigInteger number = new BigInteger(bytes);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private String text(int length, Charset charset) {
    if (length < 0 || length > pickle.remaining()) {
      throw new IndexOutOfBoundsException();
    }
    String text = new String(pickle.array(), pickle.position(), length, charset);
    pickle.position(pickle.position() + length);
    return text;
  }

  private String line() {
    int start = pickle.position();
    int length = 0;
    while (pickle.get() != '\n') {
      length++;
    }
    return new String(pickle.array(), start, length, StandardCharsets.UTF_8);
  }

  private static @Nullable Object plain(Object value) {
    if (value == MARK) {
      throw new NoSuchElementException();
    }
    return value == NONE ? null : value;
  }
}
