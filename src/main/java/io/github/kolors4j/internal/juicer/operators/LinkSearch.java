package io.github.kolors4j.internal.juicer.operators;

import com.ibm.icu.lang.UCharacter;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import io.github.kolors4j.internal.juicer.regex.Search;
import java.util.function.IntPredicate;

/**
 * Finds what data-juicer's {@code clean_links_mapper} takes for links, which is John Gruber's
 * expression for web addresses:
 *
 * <pre>{@code
 * (?i)\b(
 *   (?:[a-z][\w-]+:(?:\/{1,3}|[a-z0-9%])|www\d{0,3}[.]|[a-z0-9.\-]+[.][a-z]{2,4}\/)
 *   (?:[^\s()<>]+|\(([^\s()<>]+|(\([^\s()<>]+\)))*\))+
 *   (?:\(([^\s()<>]+|(\([^\s()<>]+\)))*\)|[^\s`!()\[\]{};:'".,<>?«»“”‘’]))
 * }</pre>
 *
 * <p>By backtracking this takes minutes on some texts. Each of its parts can end in one place only,
 * so that this class reads every character a few times, and finds the same. Group 1 is the link.
 */
final class LinkSearch implements Search {
  /** Not the end of a link, though part of one. */
  private static final String PUNCTUATION = "`!()[]{};:'\".,<>?«»“”‘’";

  /** What has been found to be none, in {@link #rests} and {@link #brackets}; 0 is not known. */
  private static final int NONE = -1;

  private final int[] text;

  /** Where what follows a link's beginning ends, by where it begins. */
  private final int[] rests;

  /** Where brackets end, by where they open. */
  private final int[] brackets;

  private final Runs words;
  private final Runs hosts;
  private int start;
  private int end;

  LinkSearch(int[] text) {
    this.text = text;
    this.rests = new int[text.length + 1];
    this.brackets = new int[text.length + 1];
    this.words = new Runs(c -> c == '-' || PythonCharacters.isUnicodeWord(c));
    this.hosts = new Runs(c -> c == '-' || c == '.' || isLetterOrDigit(c));
  }

  /** The ends of runs of characters of a kind, each run being read once. */
  private final class Runs {
    private final IntPredicate kind;
    private int from;
    private int to;

    Runs(IntPredicate kind) {
      this.kind = kind;
    }

    /** Where the run ends in which {@code at} lies; {@code at} itself if it is in none. */
    int end(int at) {
      if (at < from || at >= to) {
        from = at;
        to = at;
        while (to < text.length && kind.test(text[to])) {
          to++;
        }
      }
      return to;
    }
  }

  /** Those of English, and three that are other cases of them. */
  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == 'İ'
        || c == 'ſ'
        || c == '\u212a'; // Kelvin
  }

  private static boolean isLetterOrDigit(int c) {
    return isLetter(c) || c >= '0' && c <= '9';
  }

  private boolean is(int at, int c) {
    return at < text.length && text[at] == c;
  }

  @Override
  public int start(int group) {
    return start;
  }

  @Override
  public int end(int group) {
    return end;
  }

  @Override
  public boolean find(int from, boolean advance) {
    boolean before = from > 0 && PythonCharacters.isUnicodeWord(text[from - 1]);
    for (int at = from; at < text.length; at++) {
      boolean after = PythonCharacters.isUnicodeWord(text[at]);
      if (before != after) {
        int to = link(at);
        if (to > 0) {
          start = at;
          end = to;
          return true;
        }
      }
      before = after;
    }
    return false;
  }

  /** The end of the link that begins here, or {@link #NONE}. */
  private int link(int at) {
    int to = scheme(at);
    to = to > 0 ? to : www(at);
    return to > 0 ? to : host(at);
  }

  /** {@code http://} and the like. */
  private int scheme(int at) {
    if (!isLetter(text[at])) {
      return NONE;
    }
    int colon = words.end(at + 1);
    if (colon == at + 1 || !is(colon, ':')) {
      return NONE;
    }
    int slashes = 0;
    while (slashes < 3 && is(colon + 1 + slashes, '/')) {
      slashes++;
    }
    for (; slashes > 0; slashes--) {
      int to = rest(colon + 1 + slashes);
      if (to > 0) {
        return to;
      }
    }
    boolean opaque =
        colon + 1 < text.length && (isLetterOrDigit(text[colon + 1]) || is(colon + 1, '%'));
    return opaque ? rest(colon + 2) : NONE;
  }

  private int www(int at) {
    int digit = at;
    while (digit < at + 3) {
      if (!is(digit, 'w') && !is(digit, 'W')) {
        return NONE;
      }
      digit++;
    }
    while (digit < Math.min(at + 6, text.length) && UCharacter.isDigit(text[digit])) {
      digit++;
    }
    return is(digit, '.') ? rest(digit + 1) : NONE;
  }

  /** {@code example.org/}. */
  private int host(int at) {
    int slash = hosts.end(at);
    if (!is(slash, '/')) {
      return NONE;
    }
    for (int length = 1; length <= 4 && slash - length > at; length++) {
      if (!isLetter(text[slash - length])) {
        return NONE;
      }
      if (length >= 2 && slash - length - 1 > at && is(slash - length - 1, '.')) {
        return rest(slash + 1);
      }
    }
    return NONE;
  }

  /**
   * Where what follows a beginning ends: at least two characters or brackets, as many as can be.
   */
  private int rest(int from) {
    if (rests[from] == 0) {
      int to = NONE;
      int at = from;
      while (at < text.length) {
        boolean isBracket = text[at] == '(';
        int next = isBracket ? bracket(at, 2) : isInside(text[at]) ? at + 1 : NONE;
        if (next == NONE) {
          break;
        }
        if (at > from && (isBracket || PUNCTUATION.indexOf(text[at]) < 0)) {
          to = next;
        }
        at = next;
      }
      rests[from] = to;
    }
    return rests[from];
  }

  private static boolean isInside(int c) {
    return c != '(' && c != ')' && c != '<' && c != '>' && !UCharacter.isUWhiteSpace(c);
  }

  /**
   * Where brackets end that open here, or {@link #NONE}; {@code depth} is how many can be nested.
   */
  private int bracket(int from, int depth) {
    if (depth == 2 && brackets[from] != 0) {
      return brackets[from];
    }
    int at = from + 1;
    while (at > 0 && at < text.length && text[at] != ')') {
      at = isInside(text[at]) ? at + 1 : text[at] == '(' && depth > 1 ? bracket(at, 1) : NONE;
    }
    boolean isEmpty = at == from + 1;
    int to = at < 0 || at >= text.length || depth == 1 && isEmpty ? NONE : at + 1;
    if (depth == 2) {
      brackets[from] = to;
    }
    return to;
  }
}
