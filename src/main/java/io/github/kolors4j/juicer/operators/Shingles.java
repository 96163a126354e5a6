package io.github.kolors4j.juicer.operators;

import io.github.kolors4j.juicer.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The overlapping pieces of a text that near-duplicate detection compares: runs of {@code
 * window_size} words, or of parts between punctuation, or of characters. As in data-juicer the last
 * run of a text is left out, and a text of no more than one run has no piece at all: all such texts
 * count as alike. For short captions choose {@code tokenization: character} and a small window.
 */
final class Shingles {
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{P}");

  private final String tokenization;
  private final int windowSize;
  private final boolean lowercase;
  private final Pattern ignored;

  /** From {@code tokenization, window_size, lowercase, ignore_pattern}. */
  Shingles(Parameters parameters, int defaultWindowSize) {
    tokenization =
        parameters.choice("tokenization", "space", List.of("space", "punctuation", "character"));
    windowSize = parameters.positive("window_size", defaultWindowSize);
    lowercase = parameters.truth("lowercase", true);
    String pattern = parameters.text("ignore_pattern", null);
    try {
      ignored = pattern == null ? null : PythonRegex.pattern(pattern);
    } catch (PatternSyntaxException e) {
      throw parameters.error("ignore_pattern", "is no regular expression: " + e.getDescription());
    }
  }

  List<String> of(String original) {
    String text = lowercase ? original.toLowerCase(Locale.ROOT) : original;
    if (ignored != null) {
      text = ignored.matcher(text).replaceAll("");
    }
    return switch (tokenization) {
      case "character" -> runs(text.codePoints().mapToObj(Character::toString).toList(), "");
      case "punctuation" -> runs(Arrays.asList(PUNCTUATION.split(text, -1)), " ");
      default -> runs(words(text), " ");
    };
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringTokenizer parts = new StringTokenizer(text, " ");
    while (parts.hasMoreTokens()) {
      words.add(parts.nextToken());
    }
    return words;
  }

  private List<String> runs(List<String> tokens, String separator) {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < tokens.size() - windowSize; i++) {
      runs.add(String.join(separator, tokens.subList(i, i + windowSize)));
    }
    return runs;
  }
}
