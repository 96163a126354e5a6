package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.dataset.StrictJson;
import io.github.kolors4j.internal.juicer.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Samples as bytes, in which they wait for an operator that needs to have seen all of them: number
 * and line, then fields, statistics and hashes, each as JSON with its length before it.
 */
final class SampleBytes {
  private static final int START = Long.BYTES + Integer.BYTES;

  /** Deeper than any line that is read, so that what was read can be read again. */
  private static final int NESTING = 1024;

  private final String textKey;
  private final String imageKey;

  /** For samples of a recipe. */
  SampleBytes(Recipe recipe) {
    this.textKey = recipe.textKeys().get(0);
    this.imageKey = recipe.imageKey();
  }

  byte[] write(Sample sample) {
    JsonObject hashes = new JsonObject();
    sample.hashes().forEach(hashes::addProperty);
    byte[] fields = bytes(sample.fields());
    byte[] statistics = bytes(object(sample.statistics()));
    byte[] hash = bytes(hashes);
    return ByteBuffer.allocate(
            START + 3 * Integer.BYTES + fields.length + statistics.length + hash.length)
        .putLong(sample.number())
        .putInt(sample.line())
        .putInt(fields.length)
        .put(fields)
        .putInt(statistics.length)
        .put(statistics)
        .putInt(hash.length)
        .put(hash)
        .array();
  }

  Sample read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long number = in.getLong();
    int line = in.getInt();
    Sample sample = new Sample(number, line, object(in), textKey, imageKey);
    object(in).entrySet().forEach(e -> sample.statistics().put(e.getKey(), e.getValue()));
    object(in).entrySet().forEach(e -> sample.hashes().put(e.getKey(), e.getValue().getAsString()));
    return sample;
  }

  /** The line alone. */
  static int line(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt(Long.BYTES);
  }

  /** The statistics alone. */
  static JsonObject statistics(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(START);
    int fields = in.getInt();
    return object(in.position(in.position() + fields));
  }

  static JsonObject object(Map<String, ? extends com.google.gson.JsonElement> values) {
    JsonObject object = new JsonObject();
    values.forEach(object::add);
    return object;
  }

  /** A line of JSON that this program wrote. */
  static JsonObject parse(String json) {
    try {
      return StrictJson.parse(json, NESTING).getAsJsonObject();
    } catch (StrictJson.Malformed e) {
      throw new IllegalStateException("What was set aside does not read: " + json, e);
    }
  }

  private static byte[] bytes(JsonObject object) {
    return object.isEmpty() ? new byte[0] : object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject object(ByteBuffer in) {
    byte[] json = new byte[in.getInt()];
    in.get(json);
    return json.length == 0 ? new JsonObject() : parse(new String(json, StandardCharsets.UTF_8));
  }
}
