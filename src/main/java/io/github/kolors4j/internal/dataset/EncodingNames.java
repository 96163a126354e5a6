package io.github.kolors4j.internal.dataset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Encodings by the names that people know from Python as well as by Java's: {@code latin-1}, {@code
 * utf_8}, {@code utf-8-sig}, {@code cp936}, {@code euc_kr}. As in Python, neither case nor what
 * stands between letters and digits counts.
 */
public final class EncodingNames {
  /** Names that Java does not have, or that mean something else there. */
  private static final Map<String, Charset> PYTHON =
      Map.ofEntries(
          Map.entry("utf8sig", StandardCharsets.UTF_8),
          Map.entry("u8", StandardCharsets.UTF_8),
          Map.entry("cp65001", StandardCharsets.UTF_8),
          // Without a mark: Java would read the other order of bytes than Python and Windows.
          Map.entry("utf16", StandardCharsets.UTF_16LE),
          Map.entry("u16", StandardCharsets.UTF_16LE),
          Map.entry("utf32", Charset.forName("UTF-32LE")),
          Map.entry("u32", Charset.forName("UTF-32LE")),
          Map.entry("latin", StandardCharsets.ISO_8859_1),
          Map.entry("8859", StandardCharsets.ISO_8859_1),
          // Microsoft's code pages, where Java takes IBM's of the same number.
          Map.entry("cp932", Charset.forName("windows-31j")),
          Map.entry("932", Charset.forName("windows-31j")),
          Map.entry("cp936", Charset.forName("GBK")),
          Map.entry("936", Charset.forName("GBK")),
          Map.entry("cp949", Charset.forName("x-windows-949")),
          Map.entry("949", Charset.forName("x-windows-949")),
          Map.entry("uhc", Charset.forName("x-windows-949")),
          Map.entry("cp950", Charset.forName("x-windows-950")),
          Map.entry("950", Charset.forName("x-windows-950")));

  private EncodingNames() {}

  static Optional<Charset> find(String name) {
    String plain = plain(name);
    Charset python = PYTHON.get(plain);
    if (python != null || plain.isEmpty()) {
      return Optional.ofNullable(python);
    }
    return Charset.availableCharsets().values().stream()
        .filter(charset -> names(charset).anyMatch(one -> plain(one).equals(plain)))
        .filter(Charset::canEncode)
        .findFirst();
  }

  private static Stream<String> names(Charset charset) {
    return Stream.concat(Stream.of(charset.name()), charset.aliases().stream());
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
