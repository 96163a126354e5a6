package io.github.kolors4j.dataset;

import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Says why a file does not open as a zip file, and what helps. */
final class NotZip {
  private static final int LOOKED_AT = 64;
  private static final String AGAIN = "pack it again as an ordinary zip file (deflate)";

  private static final Map<String, String> OTHERS =
      Map.of(
          "version https://git-lfs",
          "a pointer of Git LFS: load the file itself",
          "<",
          "a web page: the download went wrong, delete it and load the set again",
          "{\"",
          "JSON text, perhaps a server's answer: delete it and load the set again",
          "rar!",
          "a RAR archive: " + AGAIN,
          "7z\u00bc\u00af",
          "a 7-Zip archive: " + AGAIN,
          "\u001f\u008b",
          "compressed with gzip: " + AGAIN);

  /** By their numbers in zip's specification. */
  private static final Map<Integer, String> METHODS =
      Map.of(
          9,
          "Deflate64",
          12,
          "bzip2",
          14,
          "LZMA",
          93,
          "Zstandard",
          95,
          "XZ",
          98,
          "PPMd",
          99,
          "AES");

  private static final Pattern METHOD = Pattern.compile("compression method: (\\d{1,5})");

  private NotZip() {}

  /**
   * The reason.
   *
   * @param problem what was said when it was opened; null if its names did not decode
   */
  static DatasetException reason(Path file, @Nullable ZipException problem) throws IOException {
    if (problem == null) {
      return new DatasetException(
          file + " has names in no encoding that is known: " + AGAIN + ", with names in UTF-8.");
    }
    String said = String.valueOf(problem.getMessage());
    Matcher method = METHOD.matcher(said);
    if (said.contains("encrypted")) {
      return new DatasetException(
          file + " is encrypted: unpack it with its password, and " + AGAIN + ".", problem);
    }
    if (method.find()) {
      int number = Integer.parseInt(method.group(1));
      return new DatasetException(
          "%s has pictures compressed by %s, which is not read: unpack it, and %s."
              .formatted(file, METHODS.getOrDefault(number, "method " + number), AGAIN),
          problem);
    }
    String start = start(file).toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      if (start.startsWith(other.getKey())) {
        return new DatasetException(
            file + " is no zip file but " + other.getValue() + ".", problem);
      }
    }
    return new DatasetException(
        file
            + (start.startsWith("pk")
                ? " is a zip file that is damaged or cut ("
                : " is no zip file (")
            + said
            + "): delete it and load the set again.",
        problem);
  }

  private static String start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(RegularFile.require(file))) {
      return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1).stripLeading();
    }
  }
}
