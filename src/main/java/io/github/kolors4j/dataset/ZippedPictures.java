package io.github.kolors4j.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.dataset.CsvReader;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * ModelScope's older picture sets: a CSV table with a column of paths (its name ends in {@code
 * :FILE}) into a zip file, and one of captions.
 */
final class ZippedPictures {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final long LARGEST_PICTURE = 256L << 20;
  private static final List<String> CAPTIONS = List.of("text", "caption", "prompt");

  private ZippedPictures() {}

  static Path unpack(Path meta, Path zip, Path target, CaptionSource source) throws IOException {
    Path metadata = target.resolve("metadata.jsonl");
    Path origin = target.resolve(HubDataset.ORIGIN);
    String from = "%s %d%n%s %d%n".formatted(meta, Files.size(meta), zip, Files.size(zip));
    if (Files.exists(metadata)
        && Files.exists(origin)
        && Files.readString(RegularFile.require(origin)).equals(from)) {
      return target;
    }
    List<String> columns;
    List<CsvReader.Row> rows = new ArrayList<>();
    try (Reader in =
        source.encoding().open(Files.newInputStream(RegularFile.require(meta)), meta)) {
      CsvReader table = new CsvReader(in, ',', meta);
      columns = table.names();
      for (CsvReader.Row row = table.next(); row != null; row = table.next()) {
        rows.add(row);
      }
    }
    int pictures = pictureColumn(columns, meta);
    Files.createDirectories(target);
    AsideName.sweep(target, HubDataset.UNPACKED);
    Files.deleteIfExists(metadata);
    StringBuilder lines = new StringBuilder();
    List<String> paths = rows.stream().map(row -> row.cell(pictures)).toList();
    try (NamedZip archive = NamedZip.open(zip, paths)) {
      for (int i = 0; i < rows.size(); i++) {
        String path = paths.get(i);
        String ending = path.contains(".") ? path.substring(path.lastIndexOf('.')) : "";
        String file = "%05d%s".formatted(i, ending.matches("\\.\\w{1,5}") ? ending : ".jpg");
        copy(archive, path, target.resolve(file), meta + ", line " + rows.get(i).line());
        lines.append(JSON.toJson(line(file, columns, pictures, rows.get(i)))).append('\n');
      }
    }
    AtomicFile.writeText(origin, from);
    AtomicFile.writeText(metadata, lines.toString());
    return target;
  }

  /** All columns under their names, and the captions as {@code text} also if they have another. */
  private static JsonObject line(
      String file, List<String> columns, int pictures, CsvReader.Row row) {
    JsonObject line = new JsonObject();
    line.addProperty("file_name", file);
    columns.stream()
        .filter(column -> CAPTIONS.contains(column.toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(column -> line.addProperty("text", row.cell(columns.indexOf(column))));
    for (int i = 0; i < columns.size(); i++) {
      if (i != pictures && !line.has(columns.get(i))) {
        line.addProperty(columns.get(i), row.cell(i));
      }
    }
    return line;
  }

  private static int pictureColumn(List<String> columns, Path meta) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).toUpperCase(Locale.ROOT).endsWith(":FILE")) {
        return i;
      }
    }
    throw new DatasetException(
        meta + " has no column of files, such as image:FILE; its columns are " + columns);
  }

  /** Under a name of ours, so a path in the archive cannot lead anywhere. */
  private static void copy(NamedZip archive, String path, Path target, String where)
      throws IOException {
    AtomicFile.write(
        target,
        out -> {
          try (InputStream in = archive.open(path, where)) {
            copy(in, out, path, where);
          }
        });
  }

  private static void copy(InputStream in, OutputStream out, String path, String where)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      total += n;
      if (total > LARGEST_PICTURE) {
        throw new DatasetException(where + ": " + path + " is too large for a picture.");
      }
      out.write(buffer, 0, n);
    }
  }
}
