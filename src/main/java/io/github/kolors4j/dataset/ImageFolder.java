package io.github.kolors4j.dataset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.dataset.CsvReader;
import io.github.kolors4j.internal.dataset.PictureListing;
import io.github.kolors4j.internal.dataset.PictureNames;
import io.github.kolors4j.internal.dataset.StrictJson;
import io.github.kolors4j.internal.dataset.TextLines;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a folder of captioned pictures in one of the common layouts, the first that is there:
 *
 * <ul>
 *   <li>{@code metadata.jsonl}, one object a line: {@code {"file_name": …, "text": …}} (Hugging
 *       Face's imagefolder) or {@code {"image": […], "text": …}} (data-juicer)
 *   <li>{@code metadata.csv} with the columns {@code file_name,text} (DiffSynth-Studio)
 *   <li>pictures, each with its caption in a {@code .txt} or {@code .caption} file of the same name
 *       (kohya), or without
 * </ul>
 *
 * The metadata file and the pictures lie in the folder itself or in its {@code train} folder. What
 * a {@link CaptionSource} says differs from {@code text}, {@code .txt} and UTF-8.
 */
final class ImageFolder {
  private static final String JSON_LINES = "metadata.jsonl";
  private static final String CSV = "metadata.csv";
  private static final String FILE_NAME = "file_name";
  private static final Set<String> NO_ATTRIBUTES =
      Set.of(FILE_NAME, "image", "images", "text", "attributes");
  private static final int SHOWN = 3;

  private final Path folder;
  private final CaptionSource source;
  private final boolean ours;
  private final PictureNames names = new PictureNames();
  private final List<String> notices = new ArrayList<>();
  private String lookedFor = "";

  /**
   * Of a folder.
   *
   * @param ours whether the tables in it may name pictures outside by their absolute paths, as
   *     results of recipes do; those that came from elsewhere may not
   */
  ImageFolder(Path folder, CaptionSource source, boolean ours) {
    this.folder = folder;
    this.source = source;
    this.ours = ours;
  }

  /**
   * What is in a folder.
   *
   * @param notices what a person should know of it
   * @param lookedFor where captions were looked for, in words
   */
  record Content(List<CaptionedPicture> pictures, List<String> notices, String lookedFor) {}

  Content read() {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(
          "There is no folder " + folder.toAbsolutePath() + " to load pictures from.");
    }
    try {
      List<CaptionedPicture> pictures = readFirstLayout();
      if (pictures.isEmpty()) {
        List<Path> within = PictureListing.foldersWithPictures(folder);
        throw new DatasetException(
            "The set in "
                + folder.toAbsolutePath()
                + " is empty. "
                + (within.isEmpty()
                    ? "Put pictures there, with a metadata.jsonl, a metadata.csv, or a .txt file"
                        + " beside each."
                    : "Pictures lie in folders within it, such as "
                        + shown(within)
                        + ": name that one, or put a metadata.csv with their paths into this one."));
      }
      noticeMissingCaptions(pictures);
      return new Content(pictures, List.copyOf(notices), lookedFor);
    } catch (IOException e) {
      throw unreadable(e);
    } catch (UncheckedIOException e) {
      throw unreadable(Objects.requireNonNull(e.getCause(), "it is made of one"));
    }
  }

  private DatasetException unreadable(IOException e) {
    return new DatasetException("The folder " + folder + " cannot be read: " + e.getMessage(), e);
  }

  private void noticeMissingCaptions(List<CaptionedPicture> pictures) {
    long without = pictures.stream().filter(picture -> picture.caption().isBlank()).count();
    if (without > 0) {
      notices.add(
          "%2$d 张图片中有 %1$d 张没有描述 (%1$d of %2$d pictures have no caption; looked for %3$s)"
              .formatted(without, pictures.size(), lookedFor));
    }
  }

  private List<CaptionedPicture> readFirstLayout() throws IOException {
    Path train = folder.resolve("train");
    Optional<Path> metadata = metadataIn(folder);
    Optional<Path> second = metadataIn(train);
    if (metadata.isPresent() && second.isPresent()) {
      notices.add(
          "读取 %1$s，不读取 %2$s (%1$s is read, %2$s is not)".formatted(metadata.get(), second.get()));
    }
    Optional<Path> table = metadata.or(() -> second);
    if (table.isPresent()) {
      boolean csv = table.get().endsWith(CSV);
      List<CaptionedPicture> pictures = csv ? readCsv(table.get()) : readJsonLines(table.get());
      noticePicturesLeftOut(pictures, table.get());
      return pictures;
    }
    List<CaptionedPicture> pictures = readSidecars(folder);
    return pictures.isEmpty() ? readSidecars(train) : pictures;
  }

  /**
   * The table in a folder.
   *
   * @throws DatasetException if there are two
   */
  private static Optional<Path> metadataIn(Path place) {
    Path lines = place.resolve(JSON_LINES);
    Path csv = place.resolve(CSV);
    if (Files.isRegularFile(lines) && Files.isRegularFile(csv)) {
      throw new DatasetException(
          place
              + " has both a metadata.jsonl and a metadata.csv: which of them has the captions?"
              + " Move the other one elsewhere.");
    }
    return Files.isRegularFile(lines)
        ? Optional.of(lines)
        : Files.isRegularFile(csv) ? Optional.of(csv) : Optional.empty();
  }

  /** Of the folders that pictures of the set lie in. */
  private void noticePicturesLeftOut(List<CaptionedPicture> pictures, Path table)
      throws IOException {
    Set<Path> named = new HashSet<>();
    Set<Path> places = new LinkedHashSet<>();
    for (CaptionedPicture picture : pictures) {
      named.add(picture.file());
      places.add(picture.file().getParent());
    }
    List<Path> others = new ArrayList<>();
    for (Path place : places) {
      PictureListing.of(place).pictures().stream()
          .filter(picture -> !named.contains(picture))
          .forEach(others::add);
    }
    if (!others.isEmpty()) {
      notices.add(
          "%1$d 张图片没有写在 %2$s 里，不属于数据集：%3$s (%1$d pictures are not named in %2$s and left out: %3$s)"
              .formatted(others.size(), table.getFileName(), shown(others)));
    }
  }

  private static String shown(List<Path> files) {
    List<String> first =
        files.stream().limit(SHOWN).map(file -> file.getFileName().toString()).toList();
    return String.join(", ", first) + (files.size() > SHOWN ? ", …" : "");
  }

  private List<CaptionedPicture> readJsonLines(Path metadata) throws IOException {
    List<CaptionedPicture> pictures = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    int several = 0;
    try (Reader in =
        source.encoding().open(Files.newInputStream(RegularFile.require(metadata)), metadata)) {
      TextLines lines = new TextLines(in, metadata);
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          String where = metadata + ", line " + lines.number();
          JsonObject row = object(line, where);
          keys.addAll(row.keySet());
          several += picturesOf(row) instanceof JsonArray list && list.size() > 1 ? 1 : 0;
          pictures.add(fromJson(row, metadata, where));
        }
      }
    }
    lookedFor =
        "the key \"%s\" in %s, whose keys are %s".formatted(source.column(), metadata, keys);
    if (several > 0) {
      notices.add(
          "%1$d 行有多张图片，只取第一张 (%1$d lines of %2$s have several pictures: the first is taken)"
              .formatted(several, metadata.getFileName()));
    }
    return pictures;
  }

  private static JsonObject object(String json, String where) {
    String expected = ": expected an object such as {\"file_name\": \"0.jpg\", \"text\": \"…\"}";
    try {
      if (StrictJson.parse(json) instanceof JsonObject object) {
        return object;
      }
      throw new DatasetException(where + expected + ", found: " + json);
    } catch (StrictJson.Malformed e) {
      throw new DatasetException(where + expected + ": " + e.getMessage(), e);
    }
  }

  private static JsonElement picturesOf(JsonObject row) {
    return row.has("image") ? row.get("image") : row.get("images");
  }

  private CaptionedPicture fromJson(JsonObject row, Path metadata, String where) {
    JsonObject more =
        row.get("attributes") instanceof JsonObject object ? object : new JsonObject();
    JsonObject holder = row.has(source.column()) ? row : more;
    String caption = caption(holder.get(source.column()), where);
    Map<String, String> attributes = new LinkedHashMap<>();
    row.entrySet().stream()
        .filter(entry -> !NO_ATTRIBUTES.contains(entry.getKey()))
        .filter(entry -> !entry.getKey().equals(source.column()))
        .filter(entry -> entry.getValue().isJsonPrimitive())
        .forEach(entry -> attributes.put(entry.getKey(), text(entry.getValue())));
    more.entrySet().forEach(entry -> attributes.put(entry.getKey(), text(entry.getValue())));
    return new CaptionedPicture(picture(row, metadata, where), caption, attributes);
  }

  private Path picture(JsonObject row, Path metadata, String where) {
    if (row.has(FILE_NAME)) {
      return inside(text(row.get(FILE_NAME)), metadata, where);
    }
    JsonElement pictures = picturesOf(row);
    JsonElement first =
        pictures instanceof JsonArray list && !list.isEmpty() ? list.get(0) : pictures;
    if (!(first instanceof JsonPrimitive path)) {
      throw new DatasetException(
          where
              + ": neither \"file_name\" nor \"image\" names a picture; its keys are "
              + row.keySet());
    }
    return ours
        ? beside(metadata, path.getAsString(), where)
        : inside(path.getAsString(), metadata, where);
  }

  private String caption(JsonElement element, String where) {
    if (element instanceof JsonArray || element instanceof JsonObject) {
      throw new DatasetException(
          "%s: \"%s\" must be a text, not %s".formatted(where, source.column(), element));
    }
    return text(element);
  }

  private static String text(JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return "";
    }
    return element.isJsonPrimitive() ? element.getAsString() : element.toString();
  }

  private List<CaptionedPicture> readCsv(Path metadata) throws IOException {
    List<CaptionedPicture> pictures = new ArrayList<>();
    try (Reader in =
        source.encoding().open(Files.newInputStream(RegularFile.require(metadata)), metadata)) {
      CsvReader csv = new CsvReader(in, ',', metadata);
      List<String> columns = csv.names();
      int file = columns.isEmpty() ? 0 : column(columns, FILE_NAME, metadata);
      int text = columns.isEmpty() ? 0 : column(columns, source.column(), metadata);
      for (CsvReader.Row row = csv.next(); row != null; row = csv.next()) {
        String where = metadata + ", line " + row.line();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          if (i != file && i != text) {
            attributes.put(columns.get(i), row.cell(i));
          }
        }
        pictures.add(
            new CaptionedPicture(
                inside(row.cell(file), metadata, where), row.cell(text), attributes));
      }
    }
    lookedFor = "the column " + source.column() + " of " + metadata;
    return pictures;
  }

  private int column(List<String> columns, String name, Path metadata) {
    int index = columns.indexOf(name);
    if (index < 0) {
      String remedy =
          name.equals(source.column())
              ? ". Name the column of captions: --caption_column, captionColumn(…)."
              : ". Its first line must name them.";
      throw new DatasetException(
          metadata + " has no column " + name + "; its columns are " + columns + remedy);
    }
    return index;
  }

  private List<CaptionedPicture> readSidecars(Path place) throws IOException {
    PictureListing listing = PictureListing.of(place);
    List<Path> within = PictureListing.foldersWithPictures(place);
    if (!listing.pictures().isEmpty() && !within.isEmpty()) {
      notices.add(
          "%1$s 里的子文件夹也有图片，没有读取：%2$s (folders in %1$s have pictures, too, which are not read: %2$s)"
              .formatted(place, shown(within)));
    }
    List<CaptionedPicture> pictures = new ArrayList<>();
    List<Path> unread = new ArrayList<>();
    Path without = null;
    for (Path file : listing.pictures()) {
      Optional<PictureListing.Caption> caption = listing.caption(file, source);
      caption.ifPresent(found -> unread.addAll(found.others()));
      String text = caption.map(PictureListing.Caption::text).orElse("");
      without = without == null && text.isEmpty() ? file : without;
      pictures.add(new CaptionedPicture(file, text));
    }
    if (without != null) {
      String name = without.getFileName().toString();
      String stem = name.substring(0, name.lastIndexOf('.'));
      List<String> wanted = source.extensions().stream().map(stem::concat).toList();
      lookedFor = String.join(", ", wanted) + " and such beside them in " + place;
    }
    if (!unread.isEmpty()) {
      notices.add(
          "%1$d 张图片旁边有两个不同的描述文件，没有读取：%2$s (%1$d pictures have another caption beside them, which is not read: %2$s)"
              .formatted(unread.size(), shown(unread)));
    }
    return pictures;
  }

  /** Metadata is data: a name in it must not lead out of the set's folder. */
  private Path inside(String name, Path metadata, String where) {
    if (name.isBlank()) {
      throw new DatasetException(where + ": the file_name is empty.");
    }
    Path root = folder.toAbsolutePath().normalize();
    Path beside = beside(metadata, name, where).normalize();
    boolean absolute = ours && metadata.getFileSystem().getPath(name).isAbsolute();
    if (!absolute && !beside.startsWith(root)) {
      throw new DatasetException(
          where
              + ": the file_name \""
              + name
              + "\" leads out of the folder "
              + root
              + ". Move the picture into it, or name it by its whole path.");
    }
    if (absolute || Files.exists(beside)) {
      return beside;
    }
    Path inTrain = beside(metadata.resolveSibling("train").resolve("x"), name, where).normalize();
    return Files.exists(inTrain) && inTrain.startsWith(root) ? inTrain : beside;
  }

  private Path beside(Path metadata, String name, String where) {
    try {
      Path parent = metadata.toAbsolutePath().getParent();
      return names.find(Objects.requireNonNull(parent, "a file is in a folder"), name);
    } catch (InvalidPathException e) {
      throw new DatasetException(
          "%s: \"%s\" cannot be the name of a file (%s).".formatted(where, name, e.getReason()), e);
    }
  }
}
