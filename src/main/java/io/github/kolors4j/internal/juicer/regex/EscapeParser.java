package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.internal.PythonRepr;
import io.github.kolors4j.internal.juicer.regex.Node.At;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows a backslash, in brackets and outside. */
final class EscapeParser {
  private final PatternReader reader;
  private final Groups groups;
  private final PatternDialect dialect;

  EscapeParser(PatternReader reader, Groups groups, PatternDialect dialect) {
    this.reader = reader;
    this.groups = groups;
    this.dialect = dialect;
  }

  /** The character of {@code \n} and its like, or -1. */
  static int control(String escape) {
    return switch (escape) {
      case "\\a" -> 7;
      case "\\b" -> '\b';
      case "\\f" -> '\f';
      case "\\n" -> '\n';
      case "\\r" -> '\r';
      case "\\t" -> '\t';
      case "\\v" -> 0x0b;
      case "\\\\" -> '\\';
      default -> -1;
    };
  }

  private static Node.@Nullable Category category(String escape) {
    return switch (escape) {
      case "\\d" -> new Node.Category('d', false);
      case "\\D" -> new Node.Category('d', true);
      case "\\s" -> new Node.Category('s', false);
      case "\\S" -> new Node.Category('s', true);
      case "\\w" -> new Node.Category('w', false);
      case "\\W" -> new Node.Category('w', true);
      default -> null;
    };
  }

  private static @Nullable At place(String escape) {
    return switch (escape) {
      case "\\A" -> At.BEGINNING_OF_TEXT;
      case "\\Z" -> At.END_OF_TEXT;
      case "\\b" -> At.BOUNDARY;
      case "\\B" -> At.NO_BOUNDARY;
      default -> null;
    };
  }

  /** An escape in brackets. */
  Node.Item inClass(String escape) {
    int control = control(escape);
    if (control >= 0) {
      return new Node.Range(control, control);
    }
    Node.@Nullable Category category = category(escape);
    category = category == null ? property(escape) : category;
    if (category != null) {
      return category;
    }
    String letter = escape.substring(1);
    int c;
    if (PatternReader.isOctal(letter)) {
      c = octal(escape + reader.getWhile(2, PatternReader::isOctal));
    } else {
      c = character(escape, letter);
    }
    return new Node.Range(c, c);
  }

  /** An escape outside of brackets. */
  Node outside(String escape) {
    At place = place(escape);
    if (place != null) {
      return place;
    }
    Node.@Nullable Category category = category(escape);
    category = category == null ? property(escape) : category;
    if (category != null) {
      return new Node.CharacterClass(false, List.of(category));
    }
    int control = control(escape);
    if (control >= 0) {
      return new Node.Literal(control);
    }
    String letter = escape.substring(1);
    if (letter.equals("0")) {
      return new Node.Literal(
          Integer.parseInt("0" + reader.getWhile(2, PatternReader::isOctal), 8));
    }
    return PatternReader.isDigit(letter)
        ? octalOrReference(escape)
        : new Node.Literal(character(escape, letter));
  }

  private Node octalOrReference(String escape) {
    String digits = escape;
    if (PatternReader.isDigit(reader.next())) {
      digits += reader.take();
      if (PatternReader.isOctal(digits.substring(1, 2))
          && PatternReader.isOctal(digits.substring(2))
          && PatternReader.isOctal(reader.next())) {
        return new Node.Literal(octal(digits + reader.take()));
      }
    }
    int number = Integer.parseInt(digits.substring(1));
    if (number <= groups.count()) {
      return groups.reference(number, digits.length(), reader);
    }
    throw reader.error("invalid group reference " + number, digits.length() - 1);
  }

  private int octal(String escape) {
    int c = Integer.parseInt(escape.substring(1), 8);
    if (c > 0xff) {
      throw reader.error(
          "octal escape value " + escape + " outside of range 0-0o377", escape.length());
    }
    return c;
  }

  private int character(String escape, String letter) {
    return switch (letter) {
      case "x" -> hexadecimal(escape, 2);
      case "u" -> hexadecimal(escape, 4);
      case "U" -> hexadecimal(escape, 8);
      case "N" -> named();
      default -> {
        if (PatternReader.isDigit(letter) || PatternReader.isAsciiLetter(letter)) {
          throw reader.error("bad escape " + escape, PatternReader.length(escape));
        }
        yield letter.codePointAt(0);
      }
    };
  }

  private int hexadecimal(String escape, int length) {
    String digits = reader.getWhile(length, PatternReader::isHexadecimal);
    if (digits.length() != length) {
      throw reader.error("incomplete escape " + escape + digits, 2 + digits.length());
    }
    long c = Long.parseLong(digits, 16);
    if (c > Character.MAX_CODE_POINT) {
      throw reader.error("bad escape " + escape + digits, 2 + digits.length());
    }
    return (int) c;
  }

  private int named() {
    if (!reader.match("{")) {
      throw reader.error("missing {");
    }
    String name = reader.getUntil("}", "character name");
    int c = PythonCharacters.named(name);
    if (c < 0) {
      throw reader.error(
          "undefined character name " + PythonRepr.of(name), PatternReader.length(name) + 4);
    }
    return c;
  }

  /** What the module {@code regex} has and {@code re} has not, or null. */
  private Node.@Nullable Category property(String escape) {
    if (dialect != PatternDialect.REGEX) {
      return null;
    }
    if (escape.equals("\\h")) {
      return new Node.Category('p', false, "[\\t\\p{Zs}]");
    }
    if (!escape.equalsIgnoreCase("\\p")) {
      return null;
    }
    int start = reader.position() - 2;
    String name =
        reader.match("{") ? reader.getUntil("}", "property name") : String.valueOf(reader.get());
    boolean negated = escape.equals("\\P") ^ name.startsWith("^");
    String property = "\\p{" + (name.startsWith("^") ? name.substring(1) : name) + "}";
    if (!CharacterClassTest.isProperty(property)) {
      throw reader.errorAt("unknown property", start);
    }
    return new Node.Category('p', negated, property);
  }
}
