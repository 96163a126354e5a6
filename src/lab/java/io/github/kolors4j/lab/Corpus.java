package io.github.kolors4j.lab;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.RegularFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The pictures that kolors-mini is trained on, as {@code data/generator} renders them: square PNG
 * files and a {@code corpus.jsonl} that describes each.
 */
final class Corpus {
  private final Path folder;
  private final List<Entry> entries;

  /**
   * One picture.
   *
   * @param file relative to the corpus
   * @param style the drawing style's name
   * @param split train, heldout, or lora for the style that only the LoRA learns
   * @param attributes what was drawn, for example hairColor → blue
   * @param captions several ways to say it
   */
  public record Entry(
      String file,
      String style,
      String split,
      Map<String, String> attributes,
      List<String> captions) {

    /** The attributes, and the style among them. */
    public Map<String, String> description() {
      Map<String, String> all = new TreeMap<>(attributes);
      all.put("style", style);
      return all;
    }
  }

  private Corpus(Path folder, List<Entry> entries) {
    this.folder = folder;
    this.entries = List.copyOf(entries);
  }

  /** Reads {@code corpus.jsonl} of a folder. */
  public static Corpus read(Path folder) {
    Gson gson = new Gson();
    List<Entry> entries = new ArrayList<>();
    try (Stream<String> lines = Files.lines(RegularFile.require(folder.resolve("corpus.jsonl")))) {
      lines.forEach(
          line -> {
            JsonObject json = gson.fromJson(line, JsonObject.class);
            Map<String, String> attributes = new TreeMap<>();
            json.getAsJsonObject("attributes")
                .asMap()
                .forEach((key, value) -> attributes.put(key, value.getAsString()));
            List<String> captions = new ArrayList<>();
            json.getAsJsonArray("captions").forEach(c -> captions.add(c.getAsString()));
            entries.add(
                new Entry(
                    json.get("file_name").getAsString(),
                    json.get("style").getAsString(),
                    json.get("split").getAsString(),
                    attributes,
                    captions));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read corpus.jsonl in " + folder + "; render it first, see data/generator", e);
    }
    return new Corpus(folder, entries);
  }

  public List<Entry> entries() {
    return entries;
  }

  /** The entries of a split. */
  public List<Entry> split(String split) {
    return entries.stream().filter(e -> e.split().equals(split)).toList();
  }

  /** One picture's pixels as RGB bytes, plane after plane: 3 · height · width. */
  public byte[] pixels(Entry entry) {
    return pixels(folder.resolve(entry.file()));
  }

  private static byte[] pixels(Path file) {
    try {
      BufferedImage picture = ImageIO.read(file.toFile());
      int width = picture.getWidth();
      int height = picture.getHeight();
      int[] rgb = picture.getRGB(0, 0, width, height, null, 0, width);
      int plane = rgb.length;
      byte[] planes = new byte[3 * plane];
      for (int i = 0; i < plane; i++) {
        planes[i] = (byte) (rgb[i] >> 16);
        planes[plane + i] = (byte) (rgb[i] >> 8);
        planes[2 * plane + i] = (byte) rgb[i];
      }
      return planes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
