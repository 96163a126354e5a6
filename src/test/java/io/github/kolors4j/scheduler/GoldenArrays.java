package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Float32 arrays of a safetensors file in the test resources. */
final class GoldenArrays {

  private final JsonObject header;
  private final ByteBuffer bytes;
  private final int dataStart;

  private GoldenArrays(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    int headerSize = Math.toIntExact(bytes.getLong(0));
    dataStart = 8 + headerSize;
    String json = new String(bytes.array(), 8, headerSize, StandardCharsets.UTF_8);
    header = JsonParser.parseString(json).getAsJsonObject();
  }

  static GoldenArrays read(String resource) {
    try (InputStream in = GoldenArrays.class.getResourceAsStream("/golden/" + resource)) {
      return new GoldenArrays(ByteBuffer.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String name) {
    return header.has(name);
  }

  /** A JSON list in the header's metadata. */
  JsonArray metadata(String key) {
    String json = header.getAsJsonObject("__metadata__").get(key).getAsString();
    return JsonParser.parseString(json).getAsJsonArray();
  }

  float[] floats(String name) {
    JsonObject entry = header.getAsJsonObject(name);
    if (!entry.get("dtype").getAsString().equals("F32")) {
      throw new IllegalArgumentException(name + " is not float32");
    }
    JsonArray offsets = entry.getAsJsonArray("data_offsets");
    float[] values = new float[(offsets.get(1).getAsInt() - offsets.get(0).getAsInt()) / 4];
    bytes
        .slice(dataStart + offsets.get(0).getAsInt(), values.length * 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  double[] doubles(String name) {
    float[] floats = floats(name);
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }

  Shape shape(String name) {
    JsonArray shape = header.getAsJsonObject(name).getAsJsonArray("shape");
    long[] dimensions = new long[shape.size()];
    Arrays.setAll(dimensions, i -> shape.get(i).getAsLong());
    return new Shape(dimensions);
  }

  NDArray array(NDManager manager, String name) {
    return manager.create(floats(name), shape(name));
  }
}
