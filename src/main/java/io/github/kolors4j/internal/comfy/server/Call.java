package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request, as the routes see it.
 *
 * @param method in capitals
 * @param path as it was sent, still encoded, without the query
 * @param query the decoded values behind {@code ?}; of a name that comes twice, the first
 * @param headers the value of a header, by its name; null if it was not sent
 * @param body what was sent along, and how much of it at most is read
 * @param parameters what a route's pattern named in the path, decoded
 */
record Call(
    String method,
    String path,
    Map<String, String> query,
    Headers headers,
    Body body,
    Map<String, String> parameters) {

  /** The most bytes of JSON: some times the largest workflow. */
  static final int MOST_JSON_BYTES = 16 << 20;

  /** The most values in it: a value of three bytes takes a hundred of memory. */
  private static final int MOST_JSON_VALUES = 500_000;

  /** Looks a header up. */
  interface Headers extends UnaryOperator<@Nullable String> {
    @Override
    @Nullable String apply(String name);
  }

  /**
   * What a request brings.
   *
   * @param length in bytes, as announced; -1 if it was not
   */
  record Body(long length, InputStream stream) {}

  Call matched(Map<String, String> found) {
    return new Call(method, path, query, headers, body, found);
  }

  /** A part of the path that the route's pattern names. */
  String parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  Optional<String> queried(String name) {
    return Optional.ofNullable(query.get(name));
  }

  boolean isQueriedTrue(String name) {
    return "true".equalsIgnoreCase(query.get(name));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.apply(name));
  }

  /**
   * The body.
   *
   * @throws Refusal if it has more bytes
   */
  byte[] bytes(int most) {
    if (body.length() > most) {
      throw tooLarge(most);
    }
    try {
      byte[] bytes = body.stream().readNBytes(most + 1);
      if (bytes.length > most) {
        throw tooLarge(most);
      }
      return bytes;
    } catch (IOException e) {
      throw Refusal.json(Answer.BAD_REQUEST, "The request's body broke off.");
    }
  }

  static Refusal tooLarge(long most) {
    return Refusal.json(
        Answer.TOO_LARGE,
        "The request's body is larger than the %,d bytes that are taken here.".formatted(most));
  }

  /**
   * The body as JSON, whatever type it claims to be of.
   *
   * @throws Refusal if it is none
   */
  JsonElement json() {
    return parseOrRefuse(bytes(MOST_JSON_BYTES));
  }

  /** Bytes as JSON; nothing if they are none. */
  static Optional<JsonElement> parse(byte[] bytes) {
    try {
      return Optional.of(parseOrRefuse(bytes));
    } catch (Refusal e) {
      return Optional.empty();
    }
  }

  private static JsonElement parseOrRefuse(byte[] bytes) {
    requireFewValues(bytes);
    try {
      return ComfyJson.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw invalidJson("it is not in UTF-8");
    } catch (ComfyJson.Malformed e) {
      throw invalidJson(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The body as a JSON object.
   *
   * @throws Refusal if it is another value, or no JSON
   */
  JsonObject jsonObject() {
    if (json() instanceof JsonObject object) {
      return object;
    }
    throw invalidJson("it is no object");
  }

  /** Counts before memory is taken; commas in texts count, too, which does no harm. */
  private static void requireFewValues(byte[] json) {
    int values = 0;
    for (byte b : json) {
      if (b == ',' || b == '[' || b == '{') {
        values++;
      }
    }
    if (values > MOST_JSON_VALUES) {
      throw invalidJson("it has more than %,d values".formatted(MOST_JSON_VALUES));
    }
  }

  /** In the shape of ComfyUI's errors of a prompt, which every client can show. */
  private static Refusal invalidJson(String reason) {
    return Refusal.with(
        PromptErrors.answer(
            "invalid_json", "The request's body is no JSON that can be used", reason));
  }

  /** The values of a query string. */
  static Map<String, String> parseQuery(@Nullable String query) {
    Map<String, String> values = new HashMap<>();
    if (query != null) {
      for (String pair : query.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.putIfAbsent(
            PercentCode.decode(name.replace('+', ' ')),
            PercentCode.decode(value.replace('+', ' ')));
      }
    }
    return values;
  }
}
