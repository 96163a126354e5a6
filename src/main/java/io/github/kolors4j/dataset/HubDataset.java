package io.github.kolors4j.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A data set of a hub: downloads the files of one split and unpacks them to a folder of pictures
 * with a {@code metadata.jsonl}, where they stay.
 *
 * <p>Three kinds are known: parquet files that the README lists (ModelScope's type 4, and Hugging
 * Face), ModelScope's older ones (type 2: {@code NAME.json} names a table and a zip file a split),
 * and plain pictures.
 */
final class HubDataset {
  /** Lies in a folder of unpacked pictures and says from which files they come. */
  static final String ORIGIN = "origin.txt";

  /** What is unpacked, under names of ours. */
  static final Pattern UNPACKED =
      Pattern.compile("\\d{5,}\\.\\w{1,5}|metadata\\.jsonl|origin\\.txt");

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final Pattern SAFE = Pattern.compile("[\\w.-]{1,100}");
  private static final Pattern DATA =
      Pattern.compile(
          "(?i).*\\.(parquet|png|jpe?g|gif|bmp|tiff?|webp|txt|caption)|(.*/)?metadata\\.(csv|jsonl)");

  private final Hub hub;
  private final String name;
  private final String subset;
  private final String split;
  private final CaptionSource source;

  HubDataset(Hub hub, String name, String subset, String split, CaptionSource source) {
    this.hub = hub;
    this.name = name;
    this.subset = checked(subset, "subset");
    this.split = checked(split, "split");
    this.source = source;
  }

  /** Both become names of folders. */
  private static String checked(String text, String what) {
    if (!SAFE.matcher(text).matches() || text.startsWith(".")) {
      throw new DatasetException("\"" + text + "\" is no name of a " + what + ".");
    }
    return text;
  }

  /**
   * The folder of pictures.
   *
   * @throws io.github.kolors4j.hub.HubException if the files cannot be had
   */
  Path fetch() {
    try {
      String index = name.substring(name.indexOf('/') + 1) + ".json";
      Path folder = hub.fetchDataset(name, p -> p.equals("README.md") || p.equals(index));
      DatasetCard card = DatasetCard.parse(textOf(folder.resolve("README.md")));
      if (card.subsets().isEmpty() && Files.isRegularFile(folder.resolve(index))) {
        return zipped(folder, folder.resolve(index));
      }
      Predicate<String> wanted =
          card.filesOf(subset, split).orElse(p -> isData(p) && DatasetCard.byName(split).test(p));
      hub.fetchDataset(name, wanted);
      List<Path> parquet = new ArrayList<>();
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(Files::isRegularFile)
            .filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(".parquet"))
            .filter(f -> wanted.test(folder.relativize(f).toString().replace('\\', '/')))
            .sorted()
            .forEach(parquet::add);
      }
      if (!parquet.isEmpty()) {
        return unpacked(folder, parquet);
      }
      Path ofSplit = folder.resolve(split);
      return Files.isDirectory(ofSplit) ? ofSplit : folder;
    } catch (IOException e) {
      throw new DatasetException(
          "The data set %s cannot be unpacked: %s. Is the disk full or read-only?"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private boolean isData(String path) {
    return DATA.matcher(path).matches()
        || source.extensions().stream().anyMatch(path.toLowerCase(Locale.ROOT)::endsWith);
  }

  private static String textOf(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readString(RegularFile.require(file)) : "";
  }

  private Path target(Path folder) {
    return folder.resolve("pictures").resolve(subset).resolve(split);
  }

  /** Pictures under their numbers; the metadata comes last and says that all are there. */
  private Path unpacked(Path folder, List<Path> sources) throws IOException {
    Path target = target(folder);
    Path metadata = target.resolve("metadata.jsonl");
    StringBuilder from = new StringBuilder();
    for (Path source : sources) {
      from.append(folder.relativize(source)).append(' ').append(Files.size(source)).append('\n');
    }
    Path origin = target.resolve(ORIGIN);
    if (Files.exists(metadata) && textOf(origin).contentEquals(from)) {
      return target;
    }
    Files.createDirectories(target);
    AsideName.sweep(target, UNPACKED);
    Files.deleteIfExists(metadata);
    StringBuilder lines = new StringBuilder();
    int[] number = {0};
    for (Path source : sources) {
      ParquetPictures.read(
          source,
          (picture, caption, attributes) -> {
            if (picture != null) {
              String file = "%05d%s".formatted(number[0], ending(picture));
              AtomicFile.write(target.resolve(file), out -> out.write(picture));
              lines.append(line(file, caption, attributes));
            }
            number[0]++;
          });
    }
    AtomicFile.writeText(origin, from.toString());
    AtomicFile.writeText(metadata, lines.toString());
    return target;
  }

  private static String line(String file, String caption, Map<String, String> attributes) {
    JsonObject line = new JsonObject();
    line.addProperty("file_name", file);
    line.addProperty("text", caption);
    line.add("attributes", JSON.toJsonTree(attributes));
    return JSON.toJson(line) + "\n";
  }

  /** By the first bytes: the names in a data set are not always right. */
  private static String ending(byte[] picture) {
    int first = picture.length < 2 ? 0 : (picture[0] & 255) << 8 | picture[1] & 255;
    return switch (first) {
      case 0x8950 -> ".png";
      case 0x4749 -> ".gif";
      case 0x5249 -> ".webp";
      case 0x424D -> ".bmp";
      default -> ".jpg";
    };
  }

  private Path zipped(Path folder, Path index) throws IOException {
    JsonObject files;
    try {
      JsonObject root = ForeignJson.read(index, JsonElement::getAsJsonObject);
      if (!(root.get(subset) instanceof JsonObject splits)) {
        throw new DatasetException(
            "There is no subset \"%s\" in %s; there are %s."
                .formatted(subset, name, root.keySet()));
      }
      if (!(splits.get(split) instanceof JsonObject named)) {
        throw new DatasetException(
            "The subset %s of %s has no split \"%s\"; it has %s."
                .formatted(subset, name, split, splits.keySet()));
      }
      files = named;
    } catch (ForeignJson.Malformed e) {
      throw new DatasetException(index + " is damaged: delete it and load the data set again.", e);
    }
    String meta = named(files, "meta");
    String file = named(files, "file");
    hub.fetchDataset(name, p -> p.equals(meta) || p.equals(file));
    return ZippedPictures.unpack(
        inside(folder, meta), inside(folder, file), target(folder), source);
  }

  private String named(JsonObject files, String key) {
    if (files.get(key) instanceof JsonPrimitive value && !value.getAsString().isBlank()) {
      return value.getAsString();
    }
    throw new DatasetException(
        "The data set %s names no \"%s\" for its split %s: it has no pictures in a zip file."
            .formatted(name, key, split));
  }

  private Path inside(Path folder, String path) {
    Path file = folder.resolve(path).normalize();
    if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
      throw new DatasetException("The data set " + name + " has no file \"" + path + "\".");
    }
    return file;
  }
}
