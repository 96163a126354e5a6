package io.github.kolors4j.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reading a server's JSON, which may be cut off or of another shape. */
final class Json {
  private Json() {}

  /** Strict enough to notice an end in the middle. */
  static JsonElement parse(Http.Reply reply, String what) {
    try {
      return JsonParser.parseString(reply.text());
    } catch (JsonParseException e) {
      throw new HubException(
          what
              + " is not whole JSON: the reply was cut off, or a proxy's page came in its place. Run it again; if it stays so, open the hub's web site in a browser and see what it says.",
          e);
    }
  }

  static @Nullable String string(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value ? value.getAsString() : null;
  }

  /** A whole number of at least 0, or -1 if there is none. */
  static long size(JsonObject object, String name) {
    try {
      // Exactly: a size beyond a long's range would else come out as another.
      return object.get(name) instanceof JsonPrimitive value && value.getAsString().length() < 40
          ? Math.max(-1, value.getAsBigDecimal().longValueExact())
          : -1;
    } catch (NumberFormatException | ArithmeticException e) {
      return -1;
    }
  }

  /** As browsers write form fields, which both hubs read. */
  static String quoted(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Quoted for the path of an address; slashes stay. */
  static String quotedPath(String path) {
    return quoted(path).replace("+", "%20").replace("%2F", "/");
  }
}
