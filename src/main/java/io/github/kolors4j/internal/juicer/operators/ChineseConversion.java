package io.github.kolors4j.internal.juicer.operators;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/**
 * OpenCC (Carbo Kuo and others): cuts a text into the longest words that a dictionary knows, and
 * takes each through a chain of dictionaries, again by longest match. The dictionaries are those of
 * OpenCC 1.1.6, in the resource {@code opencc.txt.gz}.
 */
final class ChineseConversion {
  /** For each mode the dictionary that segments, then those of each step of the chain. */
  static final Map<String, List<List<String>>> MODES = new TreeMap<>();

  private static final Map<String, Map<String, String>> DICTIONARIES = new ConcurrentHashMap<>();

  static {
    List<String> simplified = List.of("STPhrases", "STCharacters");
    List<String> traditional = List.of("TSPhrases", "TSCharacters");
    List<String> fromTaiwan = List.of("TWVariantsRevPhrases", "TWVariantsRev");
    List<String> fromHongKong = List.of("HKVariantsRevPhrases", "HKVariantsRev");
    List<String> fromJapan =
        List.of("JPShinjitaiPhrases", "JPShinjitaiCharacters", "JPVariantsRev");
    List<String> taiwan = List.of("TWVariants");
    List<String> hongKong = List.of("HKVariants");
    List<String> japan = List.of("JPVariants");
    mode("s2t", "STPhrases", simplified);
    mode("t2s", "TSPhrases", traditional);
    mode("s2tw", "STPhrases", simplified, taiwan);
    mode("tw2s", "TSPhrases", fromTaiwan, traditional);
    mode("s2hk", "STPhrases", simplified, hongKong);
    mode("hk2s", "TSPhrases", fromHongKong, traditional);
    mode("s2twp", "STPhrases", simplified, List.of("TWPhrases"), taiwan);
    mode(
        "tw2sp",
        "TSPhrases",
        List.of("TWPhrasesRev", "TWVariantsRevPhrases", "TWVariantsRev"),
        traditional);
    mode("t2tw", "TWVariants", taiwan);
    mode("tw2t", "TWVariantsRevPhrases", fromTaiwan);
    mode("hk2t", "HKVariantsRevPhrases", fromHongKong);
    mode("t2hk", "HKVariants", hongKong);
    mode("t2jp", "JPVariants", japan);
    mode("jp2t", "JPShinjitaiPhrases", fromJapan);
  }

  private final Words segmentation;
  private final List<Words> chain;

  private ChineseConversion(Words segmentation, List<Words> chain) {
    this.segmentation = segmentation;
    this.chain = chain;
  }

  @SafeVarargs
  private static void mode(String name, String segmentation, List<String>... chain) {
    List<List<String>> dictionaries = new ArrayList<>();
    dictionaries.add(List.of(segmentation));
    for (List<String> step : chain) {
      dictionaries.add(step);
    }
    MODES.put(name, dictionaries);
  }

  /** The conversion of a mode, such as {@code s2t}. */
  static ChineseConversion of(String mode) {
    List<Words> words =
        Objects.requireNonNull(MODES.get(mode), mode).stream().map(Words::of).toList();
    return new ChineseConversion(words.get(0), words.subList(1, words.size()));
  }

  String apply(String text) {
    StringBuilder converted = new StringBuilder();
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      int length = segmentation.longest(text, i);
      if (length > 0) {
        converted.append(convert(text.substring(start, i)));
        converted.append(convert(text.substring(i, i + length)));
        i += length;
        start = i;
      } else {
        i += Character.charCount(text.codePointAt(i));
      }
    }
    return converted.append(convert(text.substring(start))).toString();
  }

  private String convert(String segment) {
    String converted = segment;
    for (Words words : chain) {
      converted = words.replace(converted);
    }
    return converted;
  }

  /**
   * Dictionaries together; of words of the same length the one of the first dictionary counts.
   *
   * @param entries conversions by word
   * @param longest the length of the longest word by its first {@code char}
   */
  private record Words(Map<String, String> entries, byte[] longest) {

    static Words of(List<String> dictionaries) {
      Map<String, String> entries = new HashMap<>();
      for (String name : dictionaries) {
        Objects.requireNonNull(dictionaries().get(name), name).forEach(entries::putIfAbsent);
      }
      byte[] longest = new byte[Character.MAX_VALUE + 1];
      for (String word : entries.keySet()) {
        char first = word.charAt(0);
        longest[first] = (byte) Math.max(longest[first], word.length());
      }
      return new Words(entries, longest);
    }

    /** Length of the longest word that stands at {@code from}; 0 if there is none. */
    int longest(String text, int from) {
      for (int length = Math.min(longest[text.charAt(from)], text.length() - from);
          length > 0;
          length--) {
        if (entries.containsKey(text.substring(from, from + length))) {
          return length;
        }
      }
      return 0;
    }

    String replace(String text) {
      StringBuilder replaced = new StringBuilder();
      int i = 0;
      while (i < text.length()) {
        int length = longest(text, i);
        if (length > 0) {
          replaced.append(entries.get(text.substring(i, i + length)));
          i += length;
        } else {
          int width = Character.charCount(text.codePointAt(i));
          replaced.append(text, i, i + width);
          i += width;
        }
      }
      return replaced.toString();
    }
  }

  private static synchronized Map<String, Map<String, String>> dictionaries() {
    if (DICTIONARIES.isEmpty()) {
      DICTIONARIES.putAll(read());
    }
    return DICTIONARIES;
  }

  /** Sections {@code [Name]} of lines {@code word TAB conversion}. */
  private static Map<String, Map<String, String>> read() {
    Map<String, Map<String, String>> dictionaries = new HashMap<>();
    Map<String, String> current = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(ChineseConversion.class.getResourceAsStream("opencc.txt.gz")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        if (tab >= 0) {
          current.put(line.substring(0, tab), line.substring(tab + 1));
        } else if (line.startsWith("[")) {
          current = new HashMap<>();
          dictionaries.put(line.substring(1, line.length() - 1), current);
        }
      }
      return dictionaries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
