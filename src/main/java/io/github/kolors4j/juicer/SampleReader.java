package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.dataset.DatasetException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.dataset.PictureNames;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.operators.SuffixFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a recipe's data set, sample by sample. Rows of a {@code metadata.csv} or {@code
 * metadata.jsonl} in the layout of Hugging Face's imagefolder, with a {@code file_name} and no
 * field of pictures, get that picture as theirs.
 */
final class SampleReader implements SampleSource {
  private static final Set<String> IMAGE_FOLDER =
      Set.of("metadata.csv", "metadata.jsonl", "metadata.parquet");
  private static final String FILE_NAME = "file_name";

  private final Path dataset;
  private final Recipe recipe;
  private final boolean withSuffix;
  private final PictureNames names = new PictureNames();
  private final List<String> notices = new ArrayList<>();
  private final List<RowSource> sources = new ArrayList<>();
  private List<Path> files = List.of();

  /** {@code dataset} is the recipe's {@code dataset_path}, absolute. */
  SampleReader(Path dataset, Recipe recipe) {
    this.dataset = dataset;
    this.recipe = recipe;
    this.withSuffix = recipe.process().stream().anyMatch(SuffixFilter.class::isInstance);
  }

  /**
   * All samples, in order; those whose text is null, too.
   *
   * @throws RecipeException if there is no data set, or it is empty or damaged
   */
  @Override
  public void each(Consumer<Item> sink) {
    DatasetFiles found = DatasetFiles.of(dataset, recipe);
    notices.addAll(found.notices());
    files = found.files();
    long[] count = {0};
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      int before = i;
      try {
        RowSource source = RowSource.of(file, recipe);
        sources.add(source);
        source.read(
            row -> {
              long number = count[0]++;
              double share = (before + row.share()) / files.size();
              sink.accept(new Item(row.size(), share, () -> sample(number, file, row)));
            });
      } catch (DatasetException e) {
        throw new RecipeException(Objects.requireNonNull(e.getMessage(), "what is wrong"), e);
      } catch (IOException e) {
        throw new RecipeException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    if (count[0] == 0) {
      throw new RecipeException(
          "The data set " + dataset + " is empty: there is nothing to filter.");
    }
  }

  /** The files that the samples come from, once they have been read. */
  List<Path> files() {
    return files;
  }

  /** What a person should know of the data set, when all samples have been made. */
  List<String> notices() {
    List<String> all = new ArrayList<>(notices);
    sources.forEach(source -> all.addAll(source.notices()));
    return all;
  }

  private Sample sample(long number, Path file, RowSource.Row source) {
    JsonObject row;
    try {
      row = source.fields().get();
    } catch (DatasetException e) {
      throw new RecipeException(Objects.requireNonNull(e.getMessage(), "what is wrong"), e);
    } catch (UncheckedIOException e) {
      throw new RecipeException(
          file
              + " cannot be read: "
              + Objects.requireNonNull(e.getCause(), "always there").getMessage(),
          e);
    }
    int line = source.line();
    JsonElement pictures = row.get(recipe.imageKey());
    if (pictures instanceof JsonArray paths) {
      JsonArray absolute = new JsonArray();
      paths.forEach(path -> absolute.add(absolute(file, line, path)));
      row.add(recipe.imageKey(), absolute);
    } else if (pictures instanceof JsonPrimitive) {
      row.add(recipe.imageKey(), absolute(file, line, pictures));
    } else if (pictures instanceof JsonObject) {
      throw RowSource.damaged(file, line, recipe, row.toString());
    } else if (pictures == null
        && row.get(FILE_NAME) instanceof JsonPrimitive name
        && IMAGE_FOLDER.contains(file.getFileName().toString())) {
      JsonArray only = new JsonArray();
      only.add(inside(file, line, name.getAsString()));
      row.add(recipe.imageKey(), only);
    }
    if (withSuffix) {
      String name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      row.addProperty(SuffixFilter.FIELD, dot < 0 ? "" : name.substring(dot));
    }
    return new Sample(number, line, row, recipe.textKeys().get(0), recipe.imageKey());
  }

  /** Relative paths start at the data set and become absolute, as data-juicer writes them. */
  private JsonElement absolute(Path file, int line, JsonElement path) {
    if (!path.isJsonPrimitive()) {
      throw RowSource.damaged(file, line, recipe, path.toString());
    }
    Path start =
        file.equals(dataset)
            ? Objects.requireNonNull(dataset.getParent(), "a file lies in a folder")
            : dataset;
    return new JsonPrimitive(resolve(start, path.getAsString(), file, line).toString());
  }

  private Path resolve(Path start, String path, Path file, int line) {
    try {
      return names.find(start, path);
    } catch (InvalidPathException e) {
      throw new RecipeException(
          "%s, line %d: \"%s\" cannot be the path of a picture (%s)."
              .formatted(file, line, path, e.getReason()),
          e);
    }
  }

  /** An imagefolder's pictures lie beside its metadata or below, unless their paths are whole. */
  private String inside(Path file, int line, String name) {
    Path folder =
        Objects.requireNonNull(
            file.toAbsolutePath().normalize().getParent(), "a file lies in a folder");
    Path picture = resolve(folder, name, file, line).normalize();
    if (!picture.startsWith(folder) && !folder.getFileSystem().getPath(name).isAbsolute()) {
      throw new RecipeException(
          "%s, line %d: the file_name \"%s\" leads out of the folder.".formatted(file, line, name));
    }
    return picture.toString();
  }

  /**
   * Makes sure that the fields that hold text are there.
   *
   * @param fields all that the data set has
   */
  void requireTextKeys(Set<String> fields) {
    for (String key : recipe.textKeys()) {
      List<String> names = new ArrayList<>(fields);
      if (!names.contains(key) && !names.contains(key.split("\\.")[0])) {
        throw new RecipeException(
            "The data set has no field \""
                + key
                + "\" (the recipe's text_keys)"
                + NearestName.hint(key, names)
                + " It has "
                + names
                + ".");
      }
    }
  }
}
