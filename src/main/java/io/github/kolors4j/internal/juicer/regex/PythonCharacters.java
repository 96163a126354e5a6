package io.github.kolors4j.internal.juicer.regex;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.UnicodeSet;
import com.ibm.icu.util.VersionInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Characters as Python 3.11 knows them, which has the tables of Unicode 14: what came later is
 * unassigned, whatever Java runs this.
 */
public final class PythonCharacters {
  private static final VersionInfo UNICODE = VersionInfo.UNICODE_14_0;
  private static final int ALL = Character.MAX_CODE_POINT + 1;

  private static final int[] NONE = {};

  private PythonCharacters() {}

  /** The tables that take a moment to make, made when the first character beyond ASCII comes. */
  private static final class Tables {
    static final BitSet ALPHANUMERIC = table(PythonCharacters::alphanumeric);
    static final Map<Integer, int[]> OTHER_CASES = otherCases();

    private static BitSet table(IntPredicate predicate) {
      BitSet table = new BitSet(ALL);
      for (int c = 0; c < ALL; c++) {
        if (predicate.test(c)) {
          table.set(c);
        }
      }
      return table;
    }
  }

  private static boolean isAssigned(int c) {
    VersionInfo age = UCharacter.getAge(c);
    return age.getMajor() > 0 && age.compareTo(UNICODE) <= 0;
  }

  private static boolean alphanumeric(int c) {
    return isAssigned(c)
        && (UCharacter.isLetter(c)
            || UCharacter.getIntPropertyValue(c, UProperty.NUMERIC_TYPE) != 0);
  }

  /** {@code c.isalnum()}: letters, and whatever Unicode gives a numeric value (½, 三, ②). */
  public static boolean isAlphanumeric(int c) {
    return c < 0x80
        ? c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
        : Tables.ALPHANUMERIC.get(c);
  }

  /** {@code c.isalpha()}. */
  public static boolean isLetter(int c) {
    return UCharacter.isLetter(c) && isAssigned(c);
  }

  /** {@code \w}. */
  static boolean isWord(int c) {
    return c == '_' || isAlphanumeric(c);
  }

  /** {@code \w} of the module {@code regex}: what Unicode says that words are made of. */
  public static boolean isUnicodeWord(int c) {
    return c < 0x80 ? isWord(c) : UnicodeWords.ALL.contains(c);
  }

  private static final class UnicodeWords {
    static final UnicodeSet ALL =
        new UnicodeSet("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]").freeze();
  }

  /** {@code \d}, {@code c.isdecimal()}. */
  public static boolean isDigit(int c) {
    return c < 0x80
        ? c >= '0' && c <= '9'
        : UCharacter.getType(c) == UCharacterCategory.DECIMAL_DIGIT_NUMBER && isAssigned(c);
  }

  /** {@code \s}, {@code c.isspace()}. */
  public static boolean isSpace(int c) {
    return c >= 0x09 && c <= 0x0d
        || c >= 0x1c && c <= 0x20
        || c == 0x85
        || c >= 0xa0
            && (UCharacter.getType(c) == UCharacterCategory.SPACE_SEPARATOR
                || c == 0x2028
                || c == 0x2029);
  }

  /** {@code text.isidentifier()}. */
  static boolean isIdentifier(String text) {
    int[] characters = text.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      int c = characters[i];
      int property = i == 0 ? UProperty.XID_START : UProperty.XID_CONTINUE;
      // Four characters have become parts of names since.
      boolean later = c == 0x200c || c == 0x200d || c == 0x30fb || c == 0xff65;
      if (c != '_' && (later || !isAssigned(c) || !UCharacter.hasBinaryProperty(c, property))) {
        return false;
      }
    }
    return characters.length > 0;
  }

  /** The small letter, one character. */
  static int lower(int c) {
    if (c < 0x80) {
      return lowerAscii(c);
    }
    int lower = UCharacter.toLowerCase(c);
    return lower != c && isAssigned(c) && isAssigned(lower) ? lower : c;
  }

  /** The capital, one character. */
  static int upper(int c) {
    int upper = UCharacter.toUpperCase(c);
    return upper != c && isAssigned(c) && isAssigned(upper) ? upper : c;
  }

  /** {@code text.lower()}: a capital sigma at a word's end becomes ς, and İ two characters. */
  public static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return lowerAll(text);
      }
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static String lowerAll(String text) {
    String lower = UCharacter.toLowerCase(Locale.ROOT, text);
    if (text.codePoints().allMatch(c -> isAssigned(c) || UCharacter.toLowerCase(c) == c)) {
      return lower;
    }
    // Letters that have come since Python's tables stay as they are, each by itself.
    StringBuilder parts = new StringBuilder();
    int start = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (!isAssigned(c)) {
        parts.append(UCharacter.toLowerCase(Locale.ROOT, text.substring(start, i)));
        parts.appendCodePoint(c);
        start = i + Character.charCount(c);
      }
    }
    return parts.append(UCharacter.toLowerCase(Locale.ROOT, text.substring(start))).toString();
  }

  static int lowerAscii(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  /** Whether a character has another case, be it one of several characters, as that of ß. */
  static boolean isCased(int c) {
    if (c < 0x80) {
      return isCasedAscii(c);
    }
    int capital = UCharacter.toUpperCase(Locale.ROOT, Character.toString(c)).codePointAt(0);
    return isAssigned(c) && (lower(c) != c || capital != c && isAssigned(capital));
  }

  static boolean isCasedAscii(int c) {
    return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }

  /** Other small letters that have the same capital, as σ and ς have; of a small letter. */
  static int[] otherCases(int lower) {
    return lower < 0x80 && lower != 'i' && lower != 's'
        ? NONE
        : Tables.OTHER_CASES.getOrDefault(lower, NONE);
  }

  private static Map<Integer, int[]> otherCases() {
    Map<String, TreeSet<Integer>> byCapital = new HashMap<>();
    for (String text : new UnicodeSet("[:Changes_When_Casemapped:]")) {
      int c = text.codePointAt(0);
      if (isAssigned(c)) {
        String capital = UCharacter.toUpperCase(Locale.ROOT, text);
        TreeSet<Integer> small = byCapital.computeIfAbsent(capital, k -> new TreeSet<>());
        small.add(lower(c));
      }
    }
    Map<Integer, int[]> others = new HashMap<>();
    for (TreeSet<Integer> equal : byCapital.values()) {
      for (int c : equal) {
        List<Integer> rest = new ArrayList<>(equal);
        rest.remove((Integer) c);
        if (!rest.isEmpty()) {
          others.put(c, rest.stream().mapToInt(Integer::intValue).toArray());
        }
      }
    }
    return others;
  }

  /** {@code unicodedata.lookup(name)}, or -1. */
  static int named(String name) {
    int c = UCharacter.getCharFromName(name);
    c = c < 0 ? UCharacter.getCharFromNameAlias(name) : c;
    return c >= 0 && isAssigned(c) ? c : -1;
  }
}
