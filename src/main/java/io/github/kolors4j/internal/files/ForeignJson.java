package io.github.kolors4j.internal.files;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** Reads JSON that came from elsewhere: all that can be wrong with its content is one exception. */
public final class ForeignJson {
  private static final int LARGEST_CONFIGURATION = 1 << 20;

  private ForeignJson() {}

  /** A text that is no JSON, or not the values that are read from it; the message says which. */
  public static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    private Malformed(RuntimeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Reads a configuration, which has up to a megabyte.
   *
   * @param content takes from the JSON what is wanted; Gson's exceptions for values that are
   *     missing or of another kind may leave it
   * @throws Malformed if it is not such JSON
   * @throws IOException as {@link ForeignFile#text}
   */
  public static <T> T read(Path file, Function<JsonElement, T> content) throws IOException {
    return read(file, LARGEST_CONFIGURATION, content);
  }

  /**
   * The same for a larger file.
   *
   * @param maxBytes more than any such file has
   */
  public static <T> T read(Path file, int maxBytes, Function<JsonElement, T> content)
      throws IOException {
    return parse(ForeignFile.text(file, maxBytes), content);
  }

  /**
   * The same for a text.
   *
   * @throws Malformed if it is not such JSON
   */
  public static <T> T parse(String text, Function<JsonElement, T> content) throws Malformed {
    try {
      return content.apply(JsonParser.parseString(text));
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException
        | ClassCastException
        | NullPointerException e) {
      throw new Malformed(e);
    }
  }
}
