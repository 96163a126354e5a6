package io.github.kolors4j.internal.juicer.operators;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Data-juicer's list of special characters ({@code ops/common/special_characters.py}): ASCII
 * punctuation, digits and white space, many symbols, and the emoji of one code point. The resource
 * {@code special_characters.txt} has the list as ranges of code points.
 */
final class SpecialCharacters {
  private static final BitSet CODE_POINTS = read();

  private SpecialCharacters() {}

  static boolean contains(int codePoint) {
    return CODE_POINTS.get(codePoint);
  }

  /** The text without special characters at its ends. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && contains(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (to > from && contains(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static BitSet read() {
    BitSet codePoints = new BitSet();
    try (InputStream in = SpecialCharacters.class.getResourceAsStream("special_characters.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] range = line.split("-");
          int first = Integer.parseInt(range[0], 16);
          int last = Integer.parseInt(range[range.length - 1], 16);
          codePoints.set(first, last + 1);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return codePoints;
  }
}
