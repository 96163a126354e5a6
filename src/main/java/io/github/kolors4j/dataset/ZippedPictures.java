package io.github.kolors4j.dataset;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.kolors4j.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * ModelScope's older picture sets: a CSV table with a column of paths (its name ends in {@code
 * :FILE}) into a zip file, and one of captions.
 */
final class ZippedPictures {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final long LARGEST_PICTURE = 256L << 20;
  private static final List<String> CAPTIONS = List.of("text", "caption", "prompt");

  private ZippedPictures() {}

  static Path unpack(Path meta, Path zip, Path target) throws IOException {
    Path metadata = target.resolve("metadata.jsonl");
    Path origin = target.resolve("origin.txt");
    String from = "%s %d%n%s %d%n".formatted(meta, Files.size(meta), zip, Files.size(zip));
    if (Files.exists(metadata) && Files.exists(origin) && Files.readString(origin).equals(from)) {
      return target;
    }
    Table table =
        Table.read()
            .usingOptions(
                CsvReadOptions.builder(new StringReader(Files.readString(meta)))
                    .columnTypes(column -> ColumnType.STRING)
                    .missingValueIndicator("")
                    .maxCharsPerColumn(1 << 20));
    String pictures = column(table, meta);
    String captions =
        table.columnNames().stream()
            .filter(c -> CAPTIONS.contains(c.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElse(null);
    Files.createDirectories(target);
    Files.deleteIfExists(metadata);
    StringBuilder lines = new StringBuilder();
    try (ZipFile archive = new ZipFile(zip.toFile())) {
      for (Row row : table) {
        String path = row.getString(pictures);
        String ending = path.contains(".") ? path.substring(path.lastIndexOf('.')) : "";
        String file =
            "%05d%s".formatted(row.getRowNumber(), ending.matches("\\.\\w{1,5}") ? ending : ".jpg");
        copy(archive, path, target.resolve(file), zip);
        JsonObject line = new JsonObject();
        line.addProperty("file_name", file);
        line.addProperty("text", captions == null ? "" : row.getString(captions));
        lines.append(JSON.toJson(line)).append('\n');
      }
    } catch (ZipException e) {
      throw new DatasetException(
          zip + " is no zip file (" + e.getMessage() + "): delete it and load the set again.", e);
    }
    AtomicFile.writeText(origin, from);
    AtomicFile.writeText(metadata, lines.toString());
    return target;
  }

  private static String column(Table table, Path meta) {
    return table.columnNames().stream()
        .filter(c -> c.toUpperCase(Locale.ROOT).endsWith(":FILE"))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    meta + " has no column of files; its columns are " + table.columnNames()));
  }

  /** Under a name of ours, so a path in the archive cannot lead anywhere. */
  private static void copy(ZipFile archive, String path, Path target, Path zip) throws IOException {
    ZipEntry entry = archive.getEntry(path);
    if (entry == null) {
      throw new DatasetException(zip + " has no " + path + ", which the table names.");
    }
    AtomicFile.write(
        target,
        out -> {
          try (InputStream in = archive.getInputStream(entry)) {
            copy(in, out, path, zip);
          }
        });
  }

  private static void copy(InputStream in, OutputStream out, String path, Path zip)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      total += n;
      if (total > LARGEST_PICTURE) {
        throw new DatasetException(path + " in " + zip + " is too large for a picture.");
      }
      out.write(buffer, 0, n);
    }
  }
}
