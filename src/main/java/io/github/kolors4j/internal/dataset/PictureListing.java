package io.github.kolors4j.internal.dataset;

import io.github.kolors4j.dataset.CaptionSource;
import io.github.kolors4j.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a folder: its pictures, in the order of their names, and the captions beside them.
 *
 * <p>Names that begin with a dot are passed over: macOS and Jupyter leave such files and folders
 * behind, with the endings of pictures and captions. A name is found in whichever form of Unicode
 * the disk has it, since macOS takes accents apart that others keep in one piece.
 */
public final class PictureListing {
  private static final List<String> ENDINGS =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp");

  private final List<Path> pictures = new ArrayList<>();

  /** Names in their usual form → files; of those that differ in the case of their endings, all. */
  private final Map<String, List<Path>> files = new HashMap<>();

  private PictureListing() {}

  /** The files of a folder, without those of the folders in it; none if there is no such folder. */
  public static PictureListing of(Path folder) throws IOException {
    PictureListing listing = new PictureListing();
    if (!Files.isDirectory(folder)) {
      return listing;
    }
    List<Path> sorted;
    try (Stream<Path> entries = Files.list(folder)) {
      sorted = entries.filter(file -> !isHidden(file)).sorted().toList();
    }
    for (Path file : sorted) {
      listing.files.computeIfAbsent(usual(nameOf(file)), n -> new ArrayList<>()).add(file);
      if (isPicture(file)) {
        listing.pictures.add(file);
      }
    }
    return listing;
  }

  /**
   * The folders in a folder in which pictures lie, but hidden ones, in the order of their names.
   */
  public static List<Path> foldersWithPictures(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(one -> !isHidden(one)).sorted().toList()) {
        if (Files.isReadable(entry) && !of(entry).pictures().isEmpty()) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  /** Whether a file's name is a picture's. */
  public static boolean isPicture(Path file) {
    String name = nameOf(file).toLowerCase(Locale.ROOT);
    return !isHidden(file) && ENDINGS.stream().anyMatch(name::endsWith);
  }

  private static boolean isHidden(Path file) {
    return nameOf(file).startsWith(".");
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString();
  }

  /** The pictures, in the order of their names. */
  public List<Path> pictures() {
    return pictures;
  }

  /**
   * The file of a name that is written in whichever form of Unicode; empty if there is none.
   *
   * @param name without folders
   */
  Optional<Path> file(String name) {
    return files.getOrDefault(usual(name), List.of()).stream()
        .filter(file -> composed(nameOf(file)).equals(composed(name)))
        .findFirst();
  }

  /**
   * A caption beside a picture.
   *
   * @param text without white space around it
   * @param others files beside the picture whose captions are other ones
   */
  public record Caption(String text, List<Path> others) {}

  /**
   * The caption of a picture: the text of the file with its name and the first ending of which
   * there is one, in whichever case; empty if there is none.
   *
   * @throws DatasetException if it is no text
   */
  public Optional<Caption> caption(Path picture, CaptionSource source) throws IOException {
    String name = nameOf(picture);
    String stem = name.substring(0, name.lastIndexOf('.'));
    String caption = null;
    List<Path> others = new ArrayList<>();
    for (String extension : source.extensions()) {
      for (Path file : files.getOrDefault(usual(stem + extension), List.of())) {
        if (!Files.isRegularFile(file) || !composed(nameOf(file)).startsWith(composed(stem))) {
          continue;
        }
        String text = source.encoding().read(file).strip();
        if (caption == null || caption.isEmpty()) {
          caption = text;
        } else if (!text.isEmpty() && !text.equals(caption)) {
          others.add(file);
        }
      }
    }
    return Optional.ofNullable(caption).map(text -> new Caption(text, others));
  }

  /** Without differences in Unicode's form and in the case of the ending. */
  private static String usual(String name) {
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    return composed(name.substring(0, dot < 0 ? name.length() : dot)) + ending;
  }

  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
