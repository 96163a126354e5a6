package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route answers: a status, headers and content. Immutable. */
final class Answer {
  static final int OK = 200;
  static final int NO_CONTENT = 204;
  static final int NOT_MODIFIED = 304;
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int TOO_LARGE = 413;
  static final int TOO_MANY = 429;
  static final int SERVER_ERROR = 500;
  static final int UNAVAILABLE = 503;
  static final int NO_SPACE = 507;

  private final int status;
  private final Map<String, String> headers;
  private final long length;
  private final Content content;

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private Answer(int status, Map<String, String> headers, long length, Content content) {
    this.status = status;
    this.headers = headers;
    this.length = length;
    this.content = content;
  }

  static Answer json(JsonElement json) {
    return json(OK, json);
  }

  static Answer json(int status, JsonElement json) {
    return bytes(
        status,
        "application/json; charset=utf-8",
        ComfyJson.write(json).getBytes(StandardCharsets.UTF_8));
  }

  static Answer text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Without content. */
  static Answer status(int status) {
    return new Answer(status, Map.of(), 0, out -> {});
  }

  static Answer bytes(int status, String type, byte[] bytes) {
    return new Answer(status, typed(type), bytes.length, out -> out.write(bytes));
  }

  /** A file that is there. */
  static Answer file(Path file, String type) throws IOException {
    return new Answer(OK, typed(type), Files.size(file), out -> Files.copy(file, out));
  }

  /** Of unknown length, written while it is made. */
  static Answer stream(String type, Content content) {
    return new Answer(OK, typed(type), -1, content);
  }

  /** Nothing is guessed from what is inside. */
  private static Map<String, String> typed(String type) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", type);
    headers.put("X-Content-Type-Options", "nosniff");
    return headers;
  }

  /** The same with a header more, or another value of it. */
  Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, length, content);
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** In bytes; -1 if nobody knows. */
  long length() {
    return length;
  }

  Content content() {
    return content;
  }
}
