package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A file of rows, each an object of fields. Nothing but the current row is held in memory. */
interface RowSource {
  int MOST_SHOWN = 160;

  /** Archives and tables of other programs. */
  List<String> UNREADABLE = List.of(".gz", ".zst", ".zip", ".bz2", ".xz", ".7z", ".xlsx", ".xls");

  /**
   * A row.
   *
   * @param line the number of its line (or of the row, where lines mean nothing), from 1
   * @param size about how many bytes it takes
   * @param share the part of the file that has been read with it, from 0 to 1
   * @param fields makes its fields; another thread may do this, once
   */
  record Row(int line, long size, double share, Supplier<JsonObject> fields) {}

  /** Reads the file from its start. */
  void read(Consumer<Row> sink) throws IOException;

  /** What a person should know of it, when all of its rows have been made. */
  default List<String> notices() {
    return List.of();
  }

  /**
   * Chooses by the file's ending: {@code .json}, {@code .csv}, {@code .tsv}, {@code .parquet}, else
   * JSON lines; a folder is one of pictures.
   */
  static RowSource of(Path file, Recipe recipe) {
    if (Files.isDirectory(file)) {
      return new PictureFolder(file, recipe);
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return new CsvRows(file, name.endsWith(".tsv") ? '\t' : ',', recipe.encoding());
    }
    for (String ending : UNREADABLE) {
      if (name.endsWith(ending)) {
        throw new RecipeException(
            "%s is read by no recipe: unpack it first, or save it as .csv in UTF-8."
                .formatted(file));
      }
    }
    if (name.endsWith(".parquet")) {
      return new ParquetRows(file);
    }
    return name.endsWith(".json") ? new JsonRows(file, recipe) : new JsonLines(file, recipe);
  }

  private static String shortened(String found) {
    return found.length() <= MOST_SHOWN
        ? found
        : found.substring(0, 60) + " … " + found.substring(found.length() - 100);
  }

  /** What to say of a row that is not as it should be. */
  static RecipeException damaged(Path file, int line, Recipe recipe, String found) {
    return new RecipeException(
        file
            + ", line "
            + line
            + ": expected an object such as {\""
            + recipe.textKeys().get(0)
            + "\": \"…\", \""
            + recipe.imageKey()
            + "\": [\"0.jpg\"]}, found: "
            + shortened(found));
  }
}
