package io.github.kolors4j.internal.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.util.Set;

/**
 * JSON to the letter, as Python writes and Arrow reads it: {@code NaN}, {@code Infinity} and {@code
 * -Infinity} are numbers; bare words, single quotation marks, comments, commas too many, and names
 * that come twice in an object are refused. Numbers keep all their digits.
 */
public final class StrictJson implements AutoCloseable {
  private static final Set<String> NO_DIGITS = Set.of("NaN", "Infinity", "-Infinity");

  /** Deep enough for every file; each level takes a part of the stack. */
  private static final int NESTING = 255;

  private static final int DEEPEST = 1024;
  private static final int LONGEST_NUMBER = 1000;

  /** Each takes some fifty bytes. */
  private static final int MOST_VALUES = TextLines.LONGEST / 8;

  /** For files; and for texts, which are in memory already. */
  private static final JsonFactory BOUNDED = factory(TextLines.LONGEST);

  private static final JsonFactory UNBOUNDED = factory(Integer.MAX_VALUE);

  private final JsonParser parser;
  private final int nesting;
  private int values;

  /** JSON that is not as it should be; the message says what and where. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;

    private Malformed(String message, int line) {
      super(message);
      this.line = line;
    }

    /** The line of the text, counted from 1. */
    public int line() {
      return line;
    }
  }

  /** Reads one value after the other. */
  public StrictJson(Reader in) throws IOException {
    this(BOUNDED.createParser(in), NESTING);
  }

  /** The only value of a text. */
  public static JsonElement parse(String text) throws Malformed {
    return parse(text, NESTING);
  }

  /**
   * The only value of a text.
   *
   * @param nesting how deep lists and objects may be, at most 1024; if deeper than those of a file,
   *     the text is one that this program wrote, with however many values
   */
  public static JsonElement parse(String text, int nesting) throws Malformed {
    try (JsonParser parser = UNBOUNDED.createParser(text)) {
      StrictJson json = new StrictJson(parser, nesting);
      if (!json.advance()) {
        throw json.malformed("there is nothing");
      }
      JsonElement value = json.value();
      if (json.advance()) {
        throw json.malformed("something follows behind the end");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalStateException("A text in memory cannot be read.", e);
    }
  }

  private static JsonFactory factory(int longest) {
    return JsonFactory.builder()
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxStringLength(longest)
                .maxNumberLength(LONGEST_NUMBER)
                .build())
        .build();
  }

  private StrictJson(JsonParser parser, int nesting) {
    this.parser = parser;
    this.nesting = nesting;
  }

  /** Goes to the next token; false at the end of the text. */
  public boolean advance() throws IOException, Malformed {
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** Whether a list begins here. */
  public boolean atList() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Whether a list ends here. */
  public boolean atEndOfList() {
    return parser.currentToken() == JsonToken.END_ARRAY;
  }

  /** The line, counted from 1. */
  public int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** The value that begins here; afterwards this is at its last token. */
  public JsonElement value() throws IOException, Malformed {
    try {
      values = 0;
      return read(0);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  private JsonElement read(int depth) throws IOException, Malformed {
    if (depth > nesting) {
      throw malformed("there are more than " + nesting + " lists and objects in each other");
    }
    if (nesting == NESTING && ++values > MOST_VALUES) {
      throw malformed("there are more than " + MOST_VALUES + " values in one object");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        JsonObject object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = whole(parser.currentName());
          parser.nextToken();
          object.add(name, read(depth + 1));
        }
        yield object;
      }
      case START_ARRAY -> {
        JsonArray list = new JsonArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(depth + 1));
        }
        yield list;
      }
      case VALUE_STRING -> new JsonPrimitive(whole(parser.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
      case VALUE_TRUE -> new JsonPrimitive(true);
      case VALUE_FALSE -> new JsonPrimitive(false);
      case VALUE_NULL -> JsonNull.INSTANCE;
      default -> throw malformed("a value is missing");
    };
  }

  private JsonPrimitive number(String digits) throws Malformed {
    if (NO_DIGITS.contains(digits)) {
      return new JsonPrimitive(Double.parseDouble(digits));
    }
    if (digits.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9')) {
      return digits.length() < 19
          ? new JsonPrimitive(Long.parseLong(digits))
          : new JsonPrimitive(new BigInteger(digits));
    }
    double value =
        Character.isLetter(digits.charAt(digits.length() - 1))
            ? Double.NaN
            : Double.parseDouble(digits);
    if (!Double.isFinite(value)) {
      throw malformed(digits + " is no number, or one that is too large");
    }
    return new JsonPrimitive(value);
  }

  /** Half a character, which only an escape can bring about, could not be written again. */
  private String whole(String text) throws Malformed {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw malformed("\\u%04x is half a character".formatted((int) c));
        }
        i++;
      }
    }
    return text;
  }

  private Malformed malformed(String what) {
    return new Malformed(
        what + " (column " + parser.currentTokenLocation().getColumnNr() + ")", line());
  }

  private static Malformed malformed(JsonProcessingException e) {
    String reason = e.getOriginalMessage().lines().findFirst().orElse("");
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
    return new Malformed(reason + " (column " + column + ")", line);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
