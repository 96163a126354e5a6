package io.github.kolors4j.internal.comfy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.internal.LazilyParsedNumber;
import java.io.IOException;

/**
 * JSON as ComfyUI exchanges it: what Python's {@code json} reads, with {@code NaN} and {@code
 * Infinity}, and nothing more. Of a name that comes twice the last counts, as there and in a
 * browser. Numbers keep their digits, so that a seed of twenty digits and {@code 5.0} are written
 * back as they were read.
 */
public final class ComfyJson {
  /** Deep enough for every workflow; each level takes a part of the stack. */
  public static final int DEEPEST = 200;

  private static final int LONGEST_NUMBER = 1000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .build();

  private static final Gson COMPACT = writer().create();

  private static final Gson INDENTED =
      writer().setFormattingStyle(FormattingStyle.PRETTY.withIndent("  ")).create();

  private ComfyJson() {}

  /** A text that is no JSON, or nested too deep; the message says what and where. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private static GsonBuilder writer() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeNulls()
        .setStrictness(Strictness.LENIENT);
  }

  /**
   * The only value of a text.
   *
   * @throws Malformed if it is no JSON, deeper than {@link #DEEPEST}, or something follows
   */
  public static JsonElement parse(String text) throws Malformed {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new Malformed("there is nothing");
      }
      JsonElement value = read(parser);
      if (parser.nextToken() != null) {
        throw new Malformed("something follows behind the end (" + place(parser) + ")");
      }
      return value;
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new Malformed(
          e.getLocation() == null
              ? reason
              : "%s (line %d, column %d)"
                  .formatted(reason, e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new IllegalStateException("A text in memory cannot be read.", e);
    }
  }

  private static String place(JsonParser parser) {
    return "line %d, column %d"
        .formatted(
            parser.currentTokenLocation().getLineNr(), parser.currentTokenLocation().getColumnNr());
  }

  private static JsonElement read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        JsonObject object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.add(name, read(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        JsonArray list = new JsonArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> new JsonPrimitive(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
      case VALUE_TRUE -> new JsonPrimitive(true);
      case VALUE_FALSE -> new JsonPrimitive(false);
      default -> JsonNull.INSTANCE;
    };
  }

  private static JsonPrimitive number(String text) {
    return new JsonPrimitive(
        Character.isLetter(text.charAt(text.length() - 1))
            ? Double.valueOf(text.replace("INF", "Infinity"))
            : new LazilyParsedNumber(text));
  }

  /** On one line. */
  public static String write(JsonElement json) {
    return COMPACT.toJson(json);
  }

  /** Indented by two spaces, as the page saves it. */
  public static String writeIndented(JsonElement json) {
    return INDENTED.toJson(json);
  }
}
