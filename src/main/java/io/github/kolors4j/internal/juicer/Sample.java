package io.github.kolors4j.internal.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A line of the data set on its way through a recipe: text, pictures, and what was measured. One
 * thread at a time works on a sample.
 *
 * <p>What one operator has read of a picture, its header or its pixels, the next operators get
 * without reading it again.
 */
public final class Sample {
  /** The field in which data-juicer keeps the statistics. */
  public static final String STATISTICS = "__dj__stats__";

  private final long number;
  private final int line;
  private final JsonObject fields;
  private final String textKey;
  private final String imageKey;
  private final Map<String, JsonElement> statistics = new TreeMap<>();
  private final Map<String, String> hashes = new LinkedHashMap<>();
  private final Map<Path, PictureHeader> headers = new HashMap<>();
  private final Map<Path, SoftReference<BufferedImage>> pixels = new HashMap<>();

  /** {@code number} counts the samples of the whole data set, from 0. */
  public Sample(long number, int line, JsonObject fields, String textKey, String imageKey) {
    this.number = number;
    this.line = line;
    this.fields = fields;
    this.textKey = textKey;
    this.imageKey = imageKey;
  }

  /** The place in the whole data set, counted from 0. */
  public long number() {
    return number;
  }

  /** The line of the data set's file, counted from 1. */
  public int line() {
    return line;
  }

  /** All fields, as they will be written. */
  public JsonObject fields() {
    return fields;
  }

  /** A field, or one within it ({@code meta.language}); null if it is not there or null. */
  public @Nullable JsonElement field(String key) {
    @Nullable JsonElement value = fields.get(key);
    if (value == null) {
      value = fields;
      for (String part : key.split("\\.", -1)) {
        value = value instanceof JsonObject object ? object.get(part) : null;
      }
    }
    return value instanceof JsonNull ? null : value;
  }

  /** The caption; null if it has none. */
  public @Nullable String text() {
    return text(textKey);
  }

  /** The text in a field; null if it has none. */
  public @Nullable String text(String key) {
    JsonElement value = field(key);
    if (value == null) {
      return null;
    }
    return value.isJsonPrimitive() ? value.getAsString() : value.toString();
  }

  /** The caption of a sample that has one: those without are left out before any operator. */
  public String requireText() {
    return requireText(textKey);
  }

  /** The text in a field that has to be there. */
  public String requireText(String key) {
    return Objects.requireNonNull(text(key), () -> "the field " + key + " has no text");
  }

  /** Replaces the text in a field (one that is there). */
  public void setText(String key, String text) {
    int dot = fields.has(key) ? -1 : key.lastIndexOf('.');
    JsonObject place = fields;
    if (dot >= 0) {
      String outer = key.substring(0, dot);
      place = Objects.requireNonNull(field(outer), outer).getAsJsonObject();
    }
    place.addProperty(key.substring(dot + 1), text);
  }

  /** The pictures, absolute; a sample may have none, or several. */
  public List<Path> pictures() {
    return pictures(imageKey);
  }

  /** The pictures that a field lists. */
  public List<Path> pictures(String key) {
    List<Path> pictures = new ArrayList<>();
    if (field(key) instanceof JsonArray paths) {
      paths.forEach(path -> pictures.add(Path.of(path.getAsString())));
    } else if (field(key) instanceof JsonPrimitive path) {
      pictures.add(Path.of(path.getAsString()));
    }
    return pictures;
  }

  /** Replaces the list of pictures in a field. */
  public void setPictures(String key, List<Path> pictures) {
    JsonArray paths = new JsonArray();
    pictures.forEach(picture -> paths.add(picture.toString()));
    fields.add(key, paths);
  }

  /**
   * What the operators measured so far, by data-juicer's names ({@code image_width}, {@code
   * image_height}, {@code aspect_ratios}, …), in alphabetical order.
   */
  public Map<String, JsonElement> statistics() {
    return statistics;
  }

  /**
   * A statistic that is one number. It is computed only if no operator has done so before, even if
   * that one counted differently: this is data-juicer's way.
   */
  public double measure(String statistic, Supplier<Number> computation) {
    return statistics
        .computeIfAbsent(statistic, name -> new JsonPrimitive(computation.get()))
        .getAsDouble();
  }

  /** The hashes that deduplicators computed, by data-juicer's field names, in their order. */
  public Map<String, String> hashes() {
    return hashes;
  }

  /** {@link #headers(String)} of the recipe's {@code image_key}. */
  public List<PictureHeader> headers() {
    return headers(imageKey);
  }

  /**
   * Format and size of each picture that a field lists. The headers are read once; pixels are
   * decoded only if the end of a file looks as if it was cut off.
   *
   * @throws PictureException for the first picture that cannot be read
   */
  public List<PictureHeader> headers(String key) {
    return pictures(key).stream()
        .map(picture -> headers.computeIfAbsent(picture, PictureHeader::readChecked))
        .toList();
  }

  /**
   * The pixels of a picture, in RGB as {@link PictureFile#read} gives them. They are decoded for
   * the first operator that asks, and shared with those after it: do not draw on them.
   *
   * @throws PictureException if the picture does not decode
   */
  public BufferedImage pixels(Path picture) {
    SoftReference<BufferedImage> held = pixels.get(picture);
    BufferedImage decoded = held == null ? null : held.get();
    if (decoded == null) {
      decoded = PictureFile.read(picture);
      // Softly: a sample of many large pictures must not need memory for all of them at once.
      pixels.put(picture, new SoftReference<>(decoded));
    }
    return decoded;
  }

  /** Lets go of the pixels, when no operator is left that could ask for them soon. */
  public void releasePixels() {
    pixels.clear();
  }
}
