package io.github.kolors4j.internal.juicer;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What unquoted words and numbers are, as Python's PyYAML reads YAML 1.1: {@code yes} is true,
 * {@code 010} is 8, {@code 1:30} is 90, and {@code 1e3} is a text.
 */
public final class YamlScalars extends Resolver {
  private static final Pattern WHOLE =
      Pattern.compile(
          "[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
              + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");

  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  /**
   * Texts that are numbers where one is wanted, {@code 1e3} among them: jsonargparse, by which
   * data-juicer reads its recipes, takes them for numbers.
   */
  private static final Pattern OTHER_DECIMAL =
      Pattern.compile("[-+]?(?:[0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?");

  private static final Pattern TRUTH =
      Pattern.compile("yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");

  private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");

  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \\t]+)"
              + "[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?"
              + "(?:[ \\t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?");

  /** The sign {@code =}, which means something to YAML 1.1 only. */
  static final Tag VALUE = new Tag(Tag.PREFIX + "value");

  @Override
  protected void addImplicitResolvers() {
    add(Tag.BOOL, TRUTH, "yYnNtTfFoO");
    add(Tag.INT, WHOLE, "-+0123456789");
    add(Tag.FLOAT, DECIMAL, "-+0123456789.");
    add(Tag.MERGE, Pattern.compile("<<"), "<");
    add(Tag.NULL, NOTHING, "~nN\0");
    add(Tag.NULL, Pattern.compile(""), null);
    add(Tag.TIMESTAMP, TIME, "0123456789");
    add(VALUE, Pattern.compile("="), "=");
  }

  private void add(Tag tag, Pattern pattern, @Nullable String first) {
    addImplicitResolver(tag, Pattern.compile("^(?:" + pattern + ")$"), first);
  }

  /**
   * A whole number, as PyYAML makes it.
   *
   * @throws NumberFormatException if it is none, as {@code 0x_}
   */
  static BigInteger whole(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    BigInteger number;
    if (digits.startsWith("0b")) {
      number = new BigInteger(digits.substring(2), 2);
    } else if (digits.startsWith("0x")) {
      number = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0") && digits.length() > 1) {
      number = new BigInteger(digits, 8);
    } else if (digits.contains(":")) {
      number = BigInteger.ZERO;
      for (String part : digits.split(":")) {
        number = number.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
      }
    } else {
      number = new BigInteger(digits);
    }
    return negative ? number.negate() : number;
  }

  /**
   * A decimal number, as PyYAML makes it.
   *
   * @throws NumberFormatException if it is none
   */
  static double decimal(String text) {
    String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    double number;
    if (digits.equals(".inf")) {
      number = Double.POSITIVE_INFINITY;
    } else if (digits.equals(".nan")) {
      number = Double.NaN;
    } else if (digits.contains(":")) {
      number = 0;
      for (String part : digits.split(":")) {
        number = number * 60 + Double.parseDouble(part);
      }
    } else {
      number = Double.parseDouble(digits);
    }
    return negative ? -number : number;
  }

  /** The number that an unquoted text is taken for where one is wanted. */
  static OptionalDouble wanted(String text) {
    return OTHER_DECIMAL.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text.replace("_", "")))
        : OptionalDouble.empty();
  }
}
