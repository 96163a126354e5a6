package io.github.kolors4j.dataset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Reads a folder of captioned pictures in one of the common layouts, the first that is there:
 *
 * <ul>
 *   <li>{@code metadata.jsonl}, one object a line: {@code {"file_name": …, "text": …}} (Hugging
 *       Face's imagefolder) or {@code {"image": […], "text": …}} (data-juicer)
 *   <li>{@code metadata.csv} with the columns {@code file_name,text} (DiffSynth-Studio)
 *   <li>pictures, each with its caption in a {@code .txt} file of the same name (kohya), or without
 * </ul>
 *
 * The metadata file and the pictures lie in the folder itself or in its {@code train} folder.
 */
final class ImageFolder {
  private static final List<String> ENDINGS =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp");

  private final Path folder;

  ImageFolder(Path folder) {
    this.folder = folder;
  }

  List<CaptionedPicture> read() {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(
          "There is no folder " + folder.toAbsolutePath() + " to load pictures from.");
    }
    try {
      List<CaptionedPicture> pictures = readFirstLayout();
      if (pictures.isEmpty()) {
        throw new DatasetException(
            "The set in "
                + folder.toAbsolutePath()
                + " is empty. Put pictures there, with a metadata.jsonl, a metadata.csv, or a .txt"
                + " file beside each.");
      }
      return pictures;
    } catch (CharacterCodingException e) {
      throw new DatasetException("The metadata in " + folder + " is not UTF-8 text.", e);
    } catch (IOException e) {
      throw new DatasetException("The folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private List<CaptionedPicture> readFirstLayout() throws IOException {
    for (Path place : List.of(folder, folder.resolve("train"))) {
      if (Files.exists(place.resolve("metadata.jsonl"))) {
        return readJsonLines(place.resolve("metadata.jsonl"));
      }
      if (Files.exists(place.resolve("metadata.csv"))) {
        return readCsv(place.resolve("metadata.csv"));
      }
    }
    Path train = folder.resolve("train");
    List<CaptionedPicture> pictures = readSidecars(folder);
    return pictures.isEmpty() && Files.isDirectory(train) ? readSidecars(train) : pictures;
  }

  private List<CaptionedPicture> readJsonLines(Path metadata) throws IOException {
    List<CaptionedPicture> pictures = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(metadata)) {
      number++;
      String json = withoutByteOrderMark(line);
      if (!json.isBlank()) {
        pictures.add(fromJson(json, metadata, number));
      }
    }
    return pictures;
  }

  private CaptionedPicture fromJson(String json, Path metadata, int number) {
    String where = metadata + ", line " + number;
    try {
      JsonObject row = JsonParser.parseString(json).getAsJsonObject();
      String caption = text(row.get("text"));
      Map<String, String> attributes = new LinkedHashMap<>();
      if (row.get("attributes") instanceof JsonObject object) {
        object.entrySet().forEach(e -> attributes.put(e.getKey(), text(e.getValue())));
      }
      if (row.get("image") instanceof JsonArray images && !images.isEmpty()) {
        Path file = metadata.toAbsolutePath().resolveSibling(images.get(0).getAsString());
        return new CaptionedPicture(file, caption, attributes);
      }
      if (!row.has("file_name")) {
        throw new DatasetException(where + ": neither \"file_name\" nor \"image\" is there.");
      }
      return new CaptionedPicture(
          inside(row.get("file_name").getAsString(), metadata, where), caption, attributes);
    } catch (JsonParseException | IllegalStateException e) {
      throw new DatasetException(
          where + ": not an object in JSON such as {\"file_name\": \"0.jpg\", \"text\": \"…\"}.",
          e);
    }
  }

  private static String text(JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return "";
    }
    return element.isJsonPrimitive() ? element.getAsString() : element.toString();
  }

  private List<CaptionedPicture> readCsv(Path metadata) throws IOException {
    String csv = withoutByteOrderMark(Files.readString(metadata));
    if (csv.isBlank()) {
      return List.of();
    }
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(new StringReader(csv))
                    .columnTypes(column -> ColumnType.STRING)
                    .missingValueIndicator("")
                    .maxCharsPerColumn(1 << 20));
    for (String column : List.of("file_name", "text")) {
      if (!table.containsColumn(column)) {
        throw new DatasetException(
            metadata + " has no column " + column + "; its columns are " + table.columnNames());
      }
    }
    List<CaptionedPicture> pictures = new ArrayList<>();
    for (Row row : table) {
      String where = metadata + ", row " + (row.getRowNumber() + 1);
      Path file = inside(row.getString("file_name"), metadata, where);
      Map<String, String> attributes = new LinkedHashMap<>();
      for (String column : table.columnNames()) {
        if (!column.equals("file_name") && !column.equals("text")) {
          attributes.put(column, row.getString(column));
        }
      }
      pictures.add(new CaptionedPicture(file, row.getString("text"), attributes));
    }
    return pictures;
  }

  private List<CaptionedPicture> readSidecars(Path place) throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(place)) {
      files = listing.filter(ImageFolder::isPicture).sorted().toList();
    }
    List<CaptionedPicture> pictures = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      Path sidecar = file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
      String caption =
          Files.exists(sidecar) ? withoutByteOrderMark(Files.readString(sidecar)).strip() : "";
      pictures.add(new CaptionedPicture(file, caption));
    }
    return pictures;
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  /** Metadata is data: a name in it must not lead out of the set's folder. */
  private Path inside(String name, Path metadata, String where) {
    if (name.isBlank()) {
      throw new DatasetException(where + ": the file_name is empty.");
    }
    Path root = folder.toAbsolutePath().normalize();
    Path beside = metadata.toAbsolutePath().resolveSibling(name).normalize();
    if (!beside.startsWith(root)) {
      throw new DatasetException(
          where + ": the file_name \"" + name + "\" leads out of the folder " + root + ".");
    }
    Path inTrain = metadata.toAbsolutePath().resolveSibling("train").resolve(name).normalize();
    boolean onlyInTrain = !Files.exists(beside) && Files.exists(inTrain);
    return onlyInTrain && inTrain.startsWith(root) ? inTrain : beside;
  }

  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
