package io.github.kolors4j.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Ways in which files are damaged, by accident or on purpose. */
final class Mutations {
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    127,
    255,
    256,
    32767,
    65535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    1L << 40
  };
  private static final List<JsonElement> ODD_VALUES =
      List.of(
          JsonNull.INSTANCE,
          new JsonPrimitive(0),
          new JsonPrimitive(-1),
          new JsonPrimitive(1),
          new JsonPrimitive(3),
          new JsonPrimitive(0.5),
          new JsonPrimitive(new BigDecimal("1e999")),
          new JsonPrimitive(Integer.MAX_VALUE),
          new JsonPrimitive(Long.MAX_VALUE),
          new JsonPrimitive(Long.MIN_VALUE),
          new JsonPrimitive(true),
          new JsonPrimitive(false),
          new JsonPrimitive(""),
          new JsonPrimitive("NaN"),
          new JsonPrimitive("../../etc/passwd\0"),
          new JsonPrimitive("a".repeat(5_000)),
          new JsonArray(),
          new JsonObject());

  /** Instructions that build, duplicate, look up, call and end, and bytes that are none. */
  private static final String OPCODES =
      "]})(.0NtaeusbRQhqcJKXGU\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008f\u0090\u0093\u0094\u0095\u0000\u00ff2dlio";

  private static final List<String> TYPES =
      List.of(
          "BOOL", "U8", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64",
          "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "C64", "Q4");

  private final Random random;

  Mutations(long seed) {
    random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbours begin alike otherwise
  }

  /** Any file: bits, numbers, cuts and copies. */
  byte[] ofBytes(byte[] original) {
    byte[] bytes = original.clone();
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
    for (int change = changes; change > 0 && bytes.length > 16; change--) {
      // Headers are short, and are what a reader believes.
      int end = random.nextBoolean() ? Math.min(bytes.length, 2_000) : bytes.length;
      int at = random.nextInt(end - 8);
      int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
      switch (random.nextInt(8)) {
        case 0, 6, 7 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 ->
            ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(at, EXTREMES[random.nextInt(EXTREMES.length)]);
        case 2 ->
            ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(at, (int) EXTREMES[random.nextInt(EXTREMES.length)]);
        case 3 -> bytes = Arrays.copyOf(bytes, at + 8);
        case 4 -> bytes = joined(bytes, 0, at, bytes, at + length);
        default -> {
          int from = random.nextInt(bytes.length - length);
          byte[] copy = Arrays.copyOfRange(bytes, from, from + length);
          bytes = joined(joined(bytes, 0, at, copy, 0), 0, at + length, bytes, at);
        }
      }
    }
    return bytes;
  }

  private static byte[] joined(byte[] first, int from, int to, byte[] second, int start) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first, from, to - from);
    out.write(second, start, second.length - start);
    return out.toByteArray();
  }

  /** A JSON text, whose values change their types and go to extremes, or as any other file. */
  byte[] ofJson(byte[] original) {
    return random.nextInt(4) == 0 ? ofBytes(original) : mutatedJson(original);
  }

  private byte[] mutatedJson(byte[] text) {
    JsonElement root = JsonParser.parseString(new String(text, StandardCharsets.UTF_8));
    for (int change = 1 + random.nextInt(3); change > 0; change--) {
      List<JsonElement> containers = new ArrayList<>();
      collect(root, containers);
      JsonElement container = containers.get(random.nextInt(containers.size()));
      if (container.isJsonArray()) {
        mutate(container.getAsJsonArray());
      } else {
        mutate(container.getAsJsonObject());
      }
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void collect(JsonElement element, List<JsonElement> containers) {
    if (element.isJsonObject()) {
      // As often as it has values, so that each of them is as likely to change.
      containers.addAll(Collections.nCopies(1 + element.getAsJsonObject().size(), element));
      element.getAsJsonObject().asMap().values().forEach(value -> collect(value, containers));
    } else if (element.isJsonArray()) {
      containers.addAll(Collections.nCopies(1 + element.getAsJsonArray().size(), element));
      element.getAsJsonArray().forEach(value -> collect(value, containers));
    }
  }

  private void mutate(JsonObject object) {
    List<String> keys = List.copyOf(object.keySet());
    if (keys.isEmpty()) {
      object.add("extra", oddValue());
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(5)) {
      case 0 -> object.remove(key);
      case 1 -> object.add(key, object.get(keys.get(random.nextInt(keys.size()))).deepCopy());
      case 2 -> object.addProperty("dtype", TYPES.get(random.nextInt(TYPES.size())));
      default -> object.add(key, changed(object.get(key)));
    }
  }

  private void mutate(JsonArray array) {
    int choice = random.nextInt(4);
    if (array.isEmpty() || choice == 0) {
      array.add(oddValue());
    } else if (choice == 1) {
      array.remove(random.nextInt(array.size()));
    } else {
      int at = random.nextInt(array.size());
      array.set(at, changed(array.get(at)));
    }
  }

  /** Another value, of the same type or not. */
  private JsonElement changed(JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber() && random.nextBoolean()) {
      double number = value.getAsDouble();
      double[] near = {number + 1, number - 1, number * 2, -number, number / 2, number * 1e9};
      double other = near[random.nextInt(near.length)];
      return other == Math.rint(other) && Math.abs(other) < 1e15
          ? new JsonPrimitive((long) other)
          : new JsonPrimitive(other);
    }
    return oddValue();
  }

  private JsonElement oddValue() {
    return ODD_VALUES.get(random.nextInt(ODD_VALUES.size())).deepCopy();
  }

  /** A safetensors file: its header as JSON, with the right length before it; or as any other. */
  byte[] ofSafetensors(byte[] original) {
    if (random.nextInt(3) == 0) {
      return ofBytes(original);
    }
    int length =
        Math.toIntExact(ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getLong());
    byte[] header = Arrays.copyOfRange(original, 8, 8 + length);
    header = random.nextBoolean() ? mutatedJson(header) : withOtherTypes(header);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + original.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length).put(header).put(original, 8 + length, original.length - 8 - length);
    return file.array();
  }

  /** Some tensors of another type and shape that fill the same bytes, so that they are read. */
  private byte[] withOtherTypes(byte[] header) {
    JsonObject root =
        JsonParser.parseString(new String(header, StandardCharsets.UTF_8)).getAsJsonObject();
    for (Map.Entry<String, JsonElement> tensor : root.entrySet()) {
      if (tensor.getKey().equals("__metadata__") || random.nextInt(20) > 0) {
        continue;
      }
      JsonObject entry = tensor.getValue().getAsJsonObject();
      JsonArray offsets = entry.getAsJsonArray("data_offsets");
      String type = TYPES.get(random.nextInt(TYPES.size()));
      long width = type.endsWith("64") ? 8 : type.endsWith("32") ? 4 : type.endsWith("16") ? 2 : 1;
      long bytes = offsets.get(1).getAsLong() - offsets.get(0).getAsLong();
      entry.addProperty("dtype", type);
      JsonArray shape = entry.getAsJsonArray("shape");
      if (random.nextBoolean()) {
        entry.add("shape", new JsonArray());
        shape = entry.getAsJsonArray("shape");
        shape.add(bytes / width);
      } else if (!shape.isEmpty()) {
        long first = 1;
        for (int i = 1; i < shape.size(); i++) {
          first *= shape.get(i).getAsLong();
        }
        shape.set(0, new JsonPrimitive(bytes / width / Math.max(1, first)));
      }
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A torch file: its pickle in a whole archive, the archive's headers, or as any other file. */
  byte[] ofTorch(byte[] original) throws IOException {
    return switch (random.nextInt(4)) {
      case 0 -> ofBytes(original);
      case 1 -> withChangedHeaders(original);
      default -> withChangedPickle(original);
    };
  }

  private byte[] withChangedHeaders(byte[] original) {
    List<Integer> headers = new ArrayList<>();
    for (int i = 0; i + 46 < original.length; i++) {
      if (original[i] == 'P' && original[i + 1] == 'K' && original[i + 2] < 8) {
        headers.add(i);
      }
    }
    byte[] bytes = original.clone();
    for (int change = 1 + random.nextInt(3); change > 0; change--) {
      int at = headers.get(random.nextInt(headers.size())) + 4 + random.nextInt(42);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return bytes;
  }

  private byte[] withChangedPickle(byte[] original) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(stored(original)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    String pickle =
        entries.keySet().stream().filter(name -> name.endsWith("data.pkl")).findFirst().get();
    boolean typed = random.nextInt(4) == 0;
    entries.compute(pickle, (name, bytes) -> typed ? withOtherStorages(bytes) : ofPickle(bytes));
    return zipped(entries);
  }

  private byte[] withOtherStorages(byte[] pickle) {
    String text = new String(pickle, StandardCharsets.ISO_8859_1);
    String[] names = {
      "Double",
      "Half",
      "BFloat16",
      "Long",
      "Int",
      "Short",
      "Char",
      "Byte",
      "Bool",
      "ComplexFloat",
      "QInt8",
      "Untyped"
    };
    String other = names[random.nextInt(names.length)] + "Storage\n";
    String changed =
        random.nextBoolean()
            ? text.replaceAll("(Float|Half|Long)Storage\n", other)
            : text.replaceFirst("(Float|Half|Long)Storage\n", other);
    return changed.getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] ofPickle(byte[] original) {
    byte[] bytes = original.clone();
    for (int change = 1 + random.nextInt(6); change > 0 && bytes.length > 24; change--) {
      int at = random.nextInt(Math.max(1, Math.min(bytes.length, 400)));
      byte opcode = (byte) OPCODES.charAt(random.nextInt(OPCODES.length()));
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = opcode;
        case 1 ->
            bytes = joined(joined(bytes, 0, at, new byte[] {opcode}, 0), 0, at + 1, bytes, at);
        case 2 -> bytes = joined(bytes, 0, at, bytes, at + 1);
        default -> bytes = ofBytes(bytes);
      }
    }
    return bytes;
  }

  /** The entries of an archive, read by its list of contents. */
  private static byte[] stored(byte[] archive) throws IOException {
    java.nio.file.Path file = java.nio.file.Files.createTempFile("archive", ".zip");
    try {
      java.nio.file.Files.write(file, archive);
      Map<String, byte[]> entries = new LinkedHashMap<>();
      try (var zip = new java.util.zip.ZipFile(file.toFile())) {
        for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(e -> (ZipEntry) e)::iterator) {
          entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
      return zipped(entries);
    } finally {
      java.nio.file.Files.delete(file);
    }
  }

  /** An archive of stored entries. */
  static byte[] zipped(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setSize(entry.getValue().length);
        header.setCrc(crc.getValue());
        zip.putNextEntry(header);
        zip.write(entry.getValue());
      }
    }
    return out.toByteArray();
  }
}
