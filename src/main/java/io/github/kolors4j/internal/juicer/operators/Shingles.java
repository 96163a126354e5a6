package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.regex.PatternDialect;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** Null if nothing is. */
  private final @Nullable PythonRegex ignored;

  /** From {@code tokenization, window_size, lowercase, ignore_pattern}. */
  Shingles(Parameters parameters, int defaultWindowSize) {
    tokenization =
        parameters.choice("tokenization", "space", List.of("space", "punctuation", "character"));
    windowSize = parameters.positive("window_size", defaultWindowSize);
    lowercase = parameters.truth("lowercase", true);
    ignored =
        parameters
            .optionalText("ignore_pattern")
            .map(
                pattern ->
                    PythonRegex.of(
                        parameters, "ignore_pattern", pattern, "", PatternDialect.REGEX, false))
            .orElse(null);
  }

  List<String> of(String original) {
    String text = lowercase ? PythonCharacters.lower(original) : original;
    if (ignored != null) {
      text = ignored.apply(text);
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
