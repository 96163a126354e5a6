package io.github.kolors4j.internal.juicer.operators;

import com.ibm.icu.text.Normalizer2;
import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.regex.EndlessMatchException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * {@code fix_unicode_mapper}: repairs a text as ftfy's {@code fix_text} does: HTML entities (unless
 * there is a {@code <}), {@link Mojibake}, ligatures, full-width letters, curly quotation marks,
 * line ends, terminal escapes and control characters; then normalizes it ({@code NFC, NFKC, NFD,
 * NFKD}).
 */
final class FixUnicodeMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "fix_unicode_mapper";

  /** What follows the ampersand of an entity. */
  private static final Pattern ENTITY = Pattern.compile("#?[0-9A-Za-z]{1,24};");

  /** Names of HTML that need no semicolon, so that longer ones could be misread. */
  private static final Pattern CAPITALS =
      Pattern.compile("&(?:#|AMP|COPY|GT|LT|QUOT|REG|ETH|THORN)");

  /** Texts that were spoilt once or twice take three or four. */
  private static final int MOST_ROUNDS = 50;

  private static final Pattern TERMINAL_ESCAPE = Pattern.compile("\u001b\\[[\\d;]*[a-zA-Z]");
  private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\u2028\u2029\u0085]");
  private static final Pattern CONTROL =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc]");

  /** Ligatures of Latin letters, and what they are made of. */
  private static final Map<Character, String> LETTERS = letters();

  private final Normalizer2 normalizer;
  private final String textKey;

  /** From {@code normalization, text_key}. */
  FixUnicodeMapper(Parameters parameters) {
    String form = parameters.text("normalization", "NFC").toUpperCase(Locale.ROOT);
    normalizer =
        switch (form) {
          case "", "NFC" -> Normalizer2.getNFCInstance();
          case "NFKC" -> Normalizer2.getNFKCInstance();
          case "NFD" -> Normalizer2.getNFDInstance();
          case "NFKD" -> Normalizer2.getNFKDInstance();
          default ->
              throw parameters.error(
                  "normalization", "can be one of " + List.of("NFC", "NFKC", "NFD", "NFKD") + ".");
        };
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, fix(sample.requireText(textKey)));
  }

  /** Line by line, so that one that cannot be repaired does not keep the others from it. */
  private String fix(String text) {
    StringBuilder fixed = new StringBuilder();
    boolean unescape = true;
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start) + 1;
      String line = text.substring(start, end == 0 ? text.length() : end);
      unescape &= line.indexOf('<') < 0;
      fixed.append(fixLine(line, unescape));
      start += line.length();
    }
    return fixed.toString();
  }

  private String fixLine(String line, boolean unescape) {
    String fixed = line;
    String before;
    int rounds = 0;
    do {
      if (rounds++ == MOST_ROUNDS) {
        throw new EndlessMatchException("mending takes more than " + MOST_ROUNDS + " rounds");
      }
      before = fixed;
      fixed = unescape ? unescape(fixed) : fixed;
      fixed = Mojibake.fixControls(Mojibake.fix(fixed));
      fixed = fixLetters(fixed);
      fixed = LINE_END.matcher(fixed).replaceAll("\n");
      fixed = fixSurrogates(fixed);
      fixed = TERMINAL_ESCAPE.matcher(fixed).replaceAll("");
      fixed = CONTROL.matcher(fixed).replaceAll("");
      fixed = normalizer.normalize(fixed);
    } while (!fixed.equals(before));
    return fixed;
  }

  /**
   * Entities as characters. Where one gives an ampersand, it may begin another at once ({@code
   * &amp;lt;}): the rounds of {@link #fixLine} would find that one by one, and take a round for
   * each.
   */
  private static String unescape(String text) {
    int at = text.indexOf('&');
    if (at < 0) {
      return text;
    }
    StringBuilder unescaped = new StringBuilder();
    Matcher rest = ENTITY.matcher(text);
    int copied = 0;
    while (at >= 0) {
      unescaped.append(text, copied, at);
      String character = "&";
      copied = at + 1;
      while (character.equals("&") && rest.region(copied, text.length()).lookingAt()) {
        String entity = "&" + rest.group();
        String given = character(entity);
        if (given.equals(entity)) {
          break;
        }
        character = given;
        copied = rest.end();
      }
      unescaped.append(character);
      at = text.indexOf('&', copied);
    }
    return unescaped.append(text, copied, text.length()).toString();
  }

  /** The character of an entity; a name in capitals that HTML lacks is the small one's capital. */
  private static String character(String entity) {
    String character = Parser.unescapeEntities(entity, true);
    if (character.equals(entity) && !CAPITALS.matcher(entity).lookingAt()) {
      String small = entity.toLowerCase(Locale.ROOT);
      String capital = Parser.unescapeEntities(small, true);
      boolean isCapital = entity.equals(entity.toUpperCase(Locale.ROOT)) && !capital.equals(small);
      return isCapital ? capital.toUpperCase(Locale.ROOT) : entity;
    }
    return character.contains(";") && !entity.equals("&semi;") ? entity : character;
  }

  /** Ligatures, full-width and half-width forms, curly quotation marks: a character at a time. */
  private static String fixLetters(String text) {
    StringBuilder fixed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        fixed.append(c);
      } else if (c > '\uff00' && c < '\ufff0') {
        fixed.append(Normalizer2.getNFKCInstance().normalize(String.valueOf(c)));
      } else {
        fixed.append(LETTERS.getOrDefault(c, String.valueOf(c)));
      }
    }
    return fixed.toString();
  }

  /** Halves of characters: Java joins them by itself, and single ones mean nothing. */
  private static String fixSurrogates(String text) {
    StringBuilder fixed = new StringBuilder();
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .forEach(fixed::appendCodePoint);
    return fixed.toString();
  }

  private static Map<Character, String> letters() {
    Map<Character, String> letters = new HashMap<>();
    String ligatures = "ĲĳŉǱǲǳǄǅǆǇǈǉǊǋǌﬀﬁﬂﬃﬄﬅﬆ";
    List<String> parts =
        List.of(
            "IJ", "ij", "ʼn", "DZ", "Dz", "dz", "DŽ", "Dž", "dž", "LJ", "Lj", "lj", "NJ", "Nj",
            "nj", "ff", "fi", "fl", "ffi", "ffl", "ſt", "st");
    for (int i = 0; i < parts.size(); i++) {
      letters.put(ligatures.charAt(i), parts.get(i));
    }
    letters.put('\u3000', " ");
    "\u02bc\u2018\u2019\u201a\u201b".chars().forEach(c -> letters.put((char) c, "'"));
    "\u201c\u201d\u201e\u201f".chars().forEach(c -> letters.put((char) c, "\""));
    return letters;
  }
}
