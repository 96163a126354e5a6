package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.PictureHeader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A line of the data set on its way through a recipe: text, pictures, and what was measured. */
public final class Sample {
  private final int line;
  private final JsonObject fields;
  private final String text;
  private final List<Path> pictures;
  private final Map<String, JsonElement> statistics = new TreeMap<>();
  private List<PictureHeader> headers;

  Sample(int line, JsonObject fields, String text, List<Path> pictures) {
    this.line = line;
    this.fields = fields;
    this.text = text;
    this.pictures = List.copyOf(pictures);
  }

  /** The line of the data set's file, counted from 1. */
  public int line() {
    return line;
  }

  /** All fields, as they will be written. */
  JsonObject fields() {
    return fields;
  }

  /** The caption. */
  public String text() {
    return text;
  }

  /** The pictures, absolute; a sample may have none, or several. */
  public List<Path> pictures() {
    return pictures;
  }

  /**
   * What the operators measured so far, by data-juicer's names ({@code image_width}, {@code
   * image_height}, {@code aspect_ratios}, …), in alphabetical order.
   */
  public Map<String, JsonElement> statistics() {
    return statistics;
  }

  /**
   * Format and size of each picture. The headers are read once; pixels are decoded only if the end
   * of a file looks as if it was cut off.
   *
   * @throws PictureException for the first picture that cannot be read
   */
  public List<PictureHeader> headers() {
    if (headers == null) {
      List<PictureHeader> read = new ArrayList<>();
      for (Path picture : pictures) {
        read.add(PictureFile.check(picture));
      }
      headers = List.copyOf(read);
    }
    return headers;
  }
}
