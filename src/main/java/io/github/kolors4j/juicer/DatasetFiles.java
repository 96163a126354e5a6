package io.github.kolors4j.juicer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The files that a recipe's {@code dataset_path} stands for: the file itself; or of a folder, all
 * {@code .jsonl} and {@code .json} files in it and below, or all {@code .csv} and {@code .tsv}
 * files, or all {@code .parquet} files, of whichever there are most (as data-juicer chooses); or,
 * if it has none, the pictures in it.
 */
final class DatasetFiles {
  private static final List<List<String>> KINDS =
      List.of(List.of(".jsonl", ".json"), List.of(".csv", ".tsv"), List.of(".parquet"));

  private DatasetFiles() {}

  static List<Path> of(Path dataset, Recipe recipe) {
    if (!Files.exists(dataset)) {
      throw new RecipeException(
          "The recipe's dataset_path "
              + recipe.datasetPath()
              + " does not exist (looked for "
              + dataset.toAbsolutePath().normalize()
              + "). Export the pictures there first, or correct the path.");
    }
    if (!Files.isDirectory(dataset)) {
      return List.of(dataset);
    }
    try (Stream<Path> walk = Files.walk(dataset)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .filter(file -> isWanted(file, recipe.suffixes()))
              .sorted()
              .toList();
      List<Path> most = List.of();
      for (List<String> kind : KINDS) {
        List<Path> these = files.stream().filter(file -> endsIn(file, kind)).toList();
        most = these.size() > most.size() ? these : most;
      }
      if (!most.isEmpty()) {
        return most;
      }
      if (files.stream().anyMatch(PictureFolder::isPicture)) {
        return List.of(dataset);
      }
    } catch (IOException e) {
      throw new RecipeException(dataset + " cannot be read: " + e.getMessage(), e);
    }
    throw new RecipeException(
        "The folder "
            + dataset
            + " has no .jsonl, .json, .csv, .tsv or .parquet file"
            + (recipe.suffixes().isEmpty() ? "" : " with one of the suffixes " + recipe.suffixes())
            + " and no pictures: there is nothing to filter.");
  }

  /** {@code suffixes} are written with or without their dot. */
  private static boolean isWanted(Path file, List<String> suffixes) {
    return suffixes.isEmpty()
        || endsIn(file, suffixes.stream().map(s -> s.startsWith(".") ? s : "." + s).toList());
  }

  private static boolean endsIn(Path file, List<String> endings) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return endings.stream().anyMatch(ending -> name.endsWith(ending.toLowerCase(Locale.ROOT)));
  }
}
