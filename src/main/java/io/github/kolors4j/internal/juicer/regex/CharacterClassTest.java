package io.github.kolors4j.internal.juicer.regex;

import com.ibm.icu.text.UnicodeSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The characters of brackets, with the flags that hold there. */
final class CharacterClassTest implements CharacterTest {
  private static final int BASIC_PLANE = 0x10000;

  private final boolean negated;
  private final boolean ascii;
  private final boolean ignoreCase;
  private final BitSet basic = new BitSet();
  private final List<Node.Range> beyond = new ArrayList<>();
  private final List<CharacterTest> categories = new ArrayList<>();

  /** Whether a character is made small before it is looked up. */
  private boolean folds;

  /** The answers for the first 128 characters. */
  private final BitSet answers = new BitSet(128);

  CharacterClassTest(Node.CharacterClass node, int flags, PatternDialect dialect) {
    negated = node.negated();
    ascii = (flags & Flags.ASCII) != 0;
    ignoreCase = (flags & Flags.IGNORECASE) != 0;
    for (Node.Item item : node.items()) {
      if (item instanceof Node.Range range) {
        add(range);
      } else {
        categories.add(category((Node.Category) item, ascii, dialect));
      }
    }
    for (int c = 0; c < 128; c++) {
      answers.set(c, contains(c) != negated);
    }
  }

  private void add(Node.Range range) {
    if (!ignoreCase) {
      if (range.first() < BASIC_PLANE) {
        basic.set(range.first(), Math.min(range.last() + 1, BASIC_PLANE));
      }
      if (range.last() >= BASIC_PLANE) {
        beyond.add(range);
      }
      return;
    }
    for (int c = range.first(); c <= Math.min(range.last(), BASIC_PLANE - 1); c++) {
      int small = ascii ? PythonCharacters.lowerAscii(c) : PythonCharacters.lower(c);
      basic.set(small);
      if (!ascii) {
        for (int other : PythonCharacters.otherCases(small)) {
          basic.set(other);
        }
      }
      folds |= ascii ? PythonCharacters.isCasedAscii(c) : PythonCharacters.isCased(c);
    }
    if (range.last() >= BASIC_PLANE) {
      beyond.add(
          range.first() == range.last()
              ? new Node.Range(fold(range.first()), fold(range.first()))
              : range);
      folds = true;
    }
  }

  private int fold(int c) {
    return ascii ? PythonCharacters.lowerAscii(c) : PythonCharacters.lower(c);
  }

  static CharacterTest category(Node.Category category, boolean ascii, PatternDialect dialect) {
    CharacterTest test;
    if (category.property() != null) {
      test = property(category.property());
    } else if (category.letter() == 'w' && !ascii && dialect == PatternDialect.REGEX) {
      test = PythonCharacters::isUnicodeWord;
    } else {
      test =
          switch (category.letter()) {
            case 'd' -> PythonCharacters::isDigit;
            case 's' -> PythonCharacters::isSpace;
            default -> PythonCharacters::isWord;
          };
      if (ascii) {
        CharacterTest all = test;
        test = c -> c < 128 && all.matches(c) && (c < 0x1c || c > 0x1f);
      }
    }
    CharacterTest positive = test;
    return category.negated() ? c -> !positive.matches(c) : positive;
  }

  private static CharacterTest property(String pattern) {
    UnicodeSet set = new UnicodeSet(pattern).freeze();
    return set::contains;
  }

  /** Whether this is a property of Unicode. */
  static boolean isProperty(String pattern) {
    try {
      new UnicodeSet(pattern);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public boolean matches(int c) {
    return c < 128 ? answers.get(c) : contains(c) != negated;
  }

  private boolean contains(int original) {
    int c = folds ? fold(original) : original;
    if (c < BASIC_PLANE && basic.get(c)) {
      return true;
    }
    for (Node.Range range : beyond) {
      if (c >= range.first() && c <= range.last() || folds && isCapitalIn(range, c)) {
        return true;
      }
    }
    for (CharacterTest category : categories) {
      if (category.matches(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCapitalIn(Node.Range range, int c) {
    int capital = PythonCharacters.upper(c);
    return range.first() != range.last() && capital >= range.first() && capital <= range.last();
  }
}
