package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.dataset.PictureListing;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * The files that a recipe's {@code dataset_path} stands for: the file itself; or of a folder, all
 * {@code .jsonl} and {@code .json} files in it and below, or all {@code .csv} and {@code .tsv}
 * files, or all {@code .parquet} files, of whichever there are most (as data-juicer chooses); or,
 * if it has none, the pictures in it. Links to folders are followed.
 *
 * @param files in their order
 * @param notices what a person should know of the choice
 */
record DatasetFiles(List<Path> files, List<String> notices) {
  private static final List<List<String>> KINDS =
      List.of(List.of(".jsonl", ".json"), List.of(".csv", ".tsv"), List.of(".parquet"));

  /** What macOS writes beside a file on a disk of another system: its name with {@code ._}. */
  private static final byte[] APPLE_DOUBLE = {0, 5, 0x16, 7};

  private static final int SHOWN = 3;

  static DatasetFiles of(Path dataset, Recipe recipe) {
    if (!Files.exists(dataset)) {
      throw new RecipeException(
          "The recipe's dataset_path "
              + recipe.datasetPath()
              + " does not exist (looked for "
              + dataset.toAbsolutePath().normalize()
              + "). Export the pictures there first, or correct the path.");
    }
    if (!Files.isDirectory(dataset)) {
      if (!Files.isRegularFile(dataset)) {
        throw new RecipeException(
            "The recipe's dataset_path " + dataset + " is neither a file nor a folder.");
      }
      return new DatasetFiles(List.of(dataset), List.of());
    }
    try {
      Walk walk = new Walk();
      Files.walkFileTree(
          dataset, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
      return chosen(dataset, recipe, walk);
    } catch (IOException e) {
      throw new RecipeException(dataset + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static DatasetFiles chosen(Path dataset, Recipe recipe, Walk walk) throws IOException {
    Collections.sort(walk.files);
    List<Path> wanted =
        walk.files.stream().filter(file -> isWanted(file, recipe.suffixes())).toList();
    List<String> notices = walk.notices();
    List<Path> readable = new ArrayList<>();
    List<Path> passedOver = new ArrayList<>();
    for (Path file : wanted) {
      (isTable(file) && isAppleDouble(file) ? passedOver : readable).add(file);
    }
    List<Path> most = List.of();
    for (List<String> kind : KINDS) {
      List<Path> these = readable.stream().filter(file -> endsIn(file, kind)).toList();
      most = these.size() > most.size() ? these : most;
    }
    notice(notices, passedOver, "跳过 macOS 的附属文件 %s (files of macOS are passed over: %s)");
    if (!most.isEmpty()) {
      List<Path> taken = most;
      notice(
          notices,
          taken.stream().filter(file -> isHidden(dataset, file)).toList(),
          "隐藏的文件也会读取，和 data-juicer 一样：%s (hidden files are read, too, as by data-juicer: %s)");
      notice(
          notices,
          readable.stream().filter(f -> !taken.contains(f) && isTable(f)).toList(),
          "不读取少数的其他格式 %s (files of other kinds, of which there are fewer, are not read: %s)");
      return new DatasetFiles(most, notices);
    }
    if (wanted.stream().anyMatch(PictureListing::isPicture)) {
      return new DatasetFiles(List.of(dataset), notices);
    }
    throw new RecipeException(
        "The folder "
            + dataset
            + " has no .jsonl, .json, .csv, .tsv or .parquet file"
            + (recipe.suffixes().isEmpty() ? "" : " with one of the suffixes " + recipe.suffixes())
            + " and no pictures: there is nothing to filter.");
  }

  private static void notice(List<String> notices, List<Path> files, String words) {
    if (!files.isEmpty()) {
      List<String> first = files.stream().limit(SHOWN).map(Path::toString).toList();
      String shown = String.join(", ", first) + (files.size() > SHOWN ? ", …" : "");
      notices.add(words.formatted(shown, shown));
    }
  }

  /** Collects files; what cannot be read of a folder below is noticed. */
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final List<Path> files = new ArrayList<>();
    private final List<Path> loops = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(file);
      } else if (isTable(file)) {
        unreadable.add(file); // a link to nowhere, or no file but a pipe
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      (failure instanceof FileSystemLoopException ? loops : unreadable).add(file);
      return FileVisitResult.CONTINUE;
    }

    List<String> notices() {
      List<String> notices = new ArrayList<>();
      notice(notices, loops, "链接指回上层文件夹，不再进入：%s (links that lead back into their own folder: %s)");
      notice(notices, unreadable, "无法读取 %s (cannot be read: %s)");
      return notices;
    }
  }

  private static boolean isTable(Path file) {
    return KINDS.stream().anyMatch(kind -> endsIn(file, kind));
  }

  private static boolean isHidden(Path dataset, Path file) {
    for (Path part : dataset.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAppleDouble(Path file) throws IOException {
    if (!file.getFileName().toString().startsWith("._")) {
      return false;
    }
    try (InputStream in = Files.newInputStream(RegularFile.require(file))) {
      return Arrays.equals(in.readNBytes(APPLE_DOUBLE.length), APPLE_DOUBLE);
    }
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
