package io.github.kolors4j.internal.dataset;

import com.hankcs.hanlp.HanLP;
import com.hankcs.hanlp.dictionary.CustomDictionary;
import com.hankcs.hanlp.dictionary.stopword.CoreStopWordDictionary;
import com.hankcs.hanlp.seg.Segment;
import com.hankcs.hanlp.seg.common.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often words occur in captions. Chinese, which puts no spaces between words, is segmented by
 * HanLP; punctuation, numbers, prepositions and other stop words are left out, and so are words of
 * one character ({@code 中}, {@code 戴}), which say little without their neighbours.
 *
 * <pre>{@code
 * var words = new CaptionWords();
 * words.add(CaptionWords.in("二次元，一个蓝色中分小男孩"));   // 二次元, 蓝色, 中分, 小男孩
 * words.mostFrequent(20);
 * }</pre>
 */
public final class CaptionWords {
  /** Keeps captions full of serial numbers from filling the memory. */
  private static final int MOST_WORDS = 500_000;

  private static final int FIRST_OF_CHINESE = 0x2e80;

  private final Map<String, Integer> counts = new HashMap<>();

  /** Loaded when the first caption comes: the dictionaries take about a second. */
  private static final class Loaded {
    /** Without looking for names of people: in captions it finds them in hair and clothes. */
    static final Segment SEGMENT =
        HanLP.newSegment().enableNameRecognize(false).enableTranslatedNameRecognize(false);

    static {
      for (String missing : List.of("T恤", "卫衣", "中分", "马尾", "日系", "动漫")) {
        CustomDictionary.add(missing);
      }
    }
  }

  /** The words of one caption in their order, Latin ones in lower case; safe in many threads. */
  public static List<String> in(String caption) {
    List<String> words = new ArrayList<>();
    for (Term term : Loaded.SEGMENT.seg(caption)) {
      String word = term.word.strip();
      if (word.codePoints().allMatch(point -> point < FIRST_OF_CHINESE)) {
        word = word.toLowerCase(Locale.ROOT);
      }
      boolean oneCharacter = word.codePointCount(0, word.length()) < 2;
      if (!oneCharacter
          && !CoreStopWordDictionary.shouldRemove(term)
          && !CoreStopWordDictionary.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }

  /** Counts the words of a caption. */
  public void add(List<String> words) {
    for (String word : words) {
      if (counts.size() < MOST_WORDS || counts.containsKey(word)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
  }

  /** Up to {@code count} words with their frequencies, the most frequent first. */
  public Map<String, Integer> mostFrequent(int count) {
    Map<String, Integer> most = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(count)
        .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
    return most;
  }
}
