package io.github.kolors4j.internal.juicer.operators;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Undoes text that was decoded in the wrong encoding ({@code â€œ} for {@code “}). This is ftfy's
 * {@code fix_encoding} (Robyn Speer, version 6.3.1): where a text has sequences that hardly anyone
 * writes, it is encoded again in each of ten encodings, and the first that gives valid UTF-8 is it.
 * The expressions and encodings are in the resource {@code ftfy.txt}.
 */
final class Mojibake {
  private static final char REPLACEMENT = '\ufffd';
  private static final char SUBSTITUTE = 0x1a;

  /**
   * Bytes are handled as a text of the characters 00 to ff, so that expressions can search them.
   */
  private static final Pattern LOST_NO_BREAK_SPACE =
      Pattern.compile(
          "[\\xc2\\xc3\\xc5\\xce\\xd0\\xd9][ ]"
              + "|[\\xe2\\xe3][ ][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf]"
              + "|[\\xe0-\\xe3][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf][ ]"
              + "|[\\xf0][ ][\\x80-\\xbf][\\x80-\\xbf]"
              + "|[\\xf0][\\x80-\\xbf][ ][\\x80-\\xbf]"
              + "|[\\xf0][\\x80-\\xbf][\\x80-\\xbf][ ]");

  private static final Pattern A_GRAVE = Pattern.compile("\\xc3 (?! |quele|quela|quilo|s )");

  private static final Pattern LOST_BYTES =
      Pattern.compile(
          "[\\xc2-\\xdf][\\x1a]"
              + "|[\\xc2-\\xc3][?]"
              + "|\\xed[\\xa0-\\xaf][\\x1a?]\\xed[\\xb0-\\xbf][\\x1a?\\x80-\\xbf]"
              + "|\\xed[\\xa0-\\xaf][\\x1a?\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x1a?]"
              + "|[\\xe0-\\xef][\\x1a?][\\x1a\\x80-\\xbf]"
              + "|[\\xe0-\\xef][\\x1a\\x80-\\xbf][\\x1a?]"
              + "|[\\xf0-\\xf4][\\x1a?][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf]"
              + "|[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a?][\\x1a\\x80-\\xbf]"
              + "|[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf][\\x1a?]"
              + "|\\x1a");

  /** Surrogates encoded one by one (CESU-8), and Java's two bytes for the character 0. */
  private static final Pattern VARIANTS =
      Pattern.compile("\\xed[\\xa0-\\xaf][\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x80-\\xbf]|\\xc0\\x80");

  private static final Map<String, Map<Character, Character>> ENCODINGS = new LinkedHashMap<>();
  private static final Map<String, String> DATA = read();
  private static final Pattern BADNESS = unicode(data("badness"));
  private static final Pattern DETECTOR = unicode(data("detector"));
  private static final String WINDOWS_1252 = decoded(data("sloppy-windows-1252"));

  private Mojibake() {}

  static String fix(String text) {
    String current = text;
    String fixed = fixOnce(text);
    while (!fixed.equals(current)) {
      current = fixed;
      fixed = fixOnce(current);
    }
    return fixed;
  }

  private static String fixOnce(String text) {
    if (text.chars().allMatch(c -> c < 0x80) || !BADNESS.matcher(text).find()) {
      return text;
    }
    boolean isLatin1 = false;
    for (Map.Entry<String, Map<Character, Character>> encoding : ENCODINGS.entrySet()) {
      String bytes = encode(text, encoding.getKey(), encoding.getValue());
      if (bytes != null) {
        isLatin1 |= encoding.getKey().equals("latin-1");
        String fixed = decode(restore(bytes, encoding.getKey()));
        if (fixed != null) {
          return fixed;
        }
      }
    }
    String fixed = DETECTOR.matcher(text).replaceAll(found -> quote(fixWithin(found, text)));
    if (!fixed.equals(text)) {
      return fixed;
    }
    // Latin-1 with control characters was meant to be Windows-1252. What has bytes that Windows
    // leaves unassigned is handled character by character, with the same result for the others.
    return isLatin1 || hasControls(text) ? fixControls(text) : text;
  }

  private static String fixWithin(MatchResult found, String text) {
    String part = found.group();
    boolean isBad = part.length() < text.length() && BADNESS.matcher(part).find();
    return isBad ? fix(part) : part;
  }

  private static String quote(String replacement) {
    return java.util.regex.Matcher.quoteReplacement(replacement);
  }

  private static boolean hasControls(String text) {
    return text.chars().anyMatch(c -> c >= 0x80 && c <= 0x9f);
  }

  /** The control characters 80 to 9f as browsers take them: as Windows-1252. */
  static String fixControls(String text) {
    StringBuilder fixed = new StringBuilder(text);
    for (int i = 0; i < fixed.length(); i++) {
      char c = fixed.charAt(i);
      if (c >= 0x80 && c <= 0x9f) {
        fixed.setCharAt(i, WINDOWS_1252.charAt(c - 0x80));
      }
    }
    return fixed.toString();
  }

  /** The bytes, or null if a character is not in the encoding. */
  private static @Nullable String encode(
      String text, String name, Map<Character, Character> encoding) {
    boolean isSloppy = name.startsWith("sloppy");
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      Character code = encoding.get(c);
      if (c < 0x80 && !(isSloppy && c == SUBSTITUTE)) {
        bytes.append(c);
      } else if (isSloppy && c == REPLACEMENT) {
        bytes.append(SUBSTITUTE);
      } else if (code != null) {
        bytes.append(code.charValue());
      } else {
        return null;
      }
    }
    return bytes.toString();
  }

  /** Puts back what programs on the way may have lost: no-break spaces, unassigned bytes. */
  private static String restore(String bytes, String encoding) {
    String restored = bytes;
    if (!encoding.equals("macroman") && LOST_NO_BREAK_SPACE.matcher(restored).find()) {
      restored = A_GRAVE.matcher(restored).replaceAll("\u00c3\u00a0 ");
      restored = A_GRAVE.matcher(restored).replaceAll("\u00c3\u00a0 ");
      restored =
          LOST_NO_BREAK_SPACE
              .matcher(restored)
              .replaceAll(found -> found.group().replace(' ', '\u00a0'));
    }
    if (encoding.startsWith("sloppy")) {
      restored = LOST_BYTES.matcher(restored).replaceAll("\u00ef\u00bf\u00bd");
    }
    return restored;
  }

  /** The bytes read as UTF-8 (with its variants), or null if they are none. */
  private static @Nullable String decode(String bytes) {
    String utf8 = VARIANTS.matcher(bytes).replaceAll(found -> quote(standard(found.group())));
    CharBuffer text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(utf8.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (CharacterCodingException e) {
      return null;
    }
    return text.toString();
  }

  private static String standard(String bytes) {
    if (bytes.length() == 2) {
      return "\0";
    }
    int codePoint =
        0x10000
            + ((bytes.charAt(1) & 0x0f) << 16)
            + ((bytes.charAt(2) & 0x3f) << 10)
            + ((bytes.charAt(4) & 0x0f) << 6)
            + (bytes.charAt(5) & 0x3f);
    byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }

  private static Pattern unicode(String expression) {
    return Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** Characters written as hexadecimal escapes of a backslash, u and four digits. */
  private static String decoded(String escapes) {
    StringBuilder text = new StringBuilder();
    for (int i = 2; i < escapes.length(); i += 6) {
      text.append((char) Integer.parseInt(escapes.substring(i, i + 4), 16));
    }
    return text.toString();
  }

  private static String data(String name) {
    return Objects.requireNonNull(DATA.get(name), name);
  }

  private static Map<String, String> read() {
    Map<String, String> data = new HashMap<>();
    List<String> names = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Mojibake.class.getResourceAsStream("ftfy.txt"), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          names.add(line.substring(0, tab));
          data.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : names.subList(2, names.size())) {
      Map<Character, Character> codes = new HashMap<>();
      String characters = decoded(Objects.requireNonNull(data.get(name), name));
      for (int i = 0; i < characters.length(); i++) {
        codes.put(characters.charAt(i), (char) (0x80 + i));
      }
      ENCODINGS.put(name, codes);
    }
    return data;
  }
}
