package io.github.kolors4j.internal.concepts;

import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of a prompt as the UNet's attention sees them: padding, the prefix, then the text's
 * pieces; and which of them a word is made of.
 *
 * @param prompt the text
 * @param names what the tokens are called: {@link #PADDING}, {@code [gMASK]}, {@code sop}, pieces
 */
public record PromptTokens(String prompt, List<String> names) {
  /** All of the padding, which is one and the same vector many times over. */
  public static final String PADDING = "[padding]";

  private static final int PREFIX = 3;
  private static final char SPACE = '\u2581'; // as SentencePiece writes it
  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

  /** The tokens of a text, as far as the text encoder reads it. */
  public static PromptTokens of(ChatGlmTokenizer tokenizer, String prompt) {
    List<String> names = new ArrayList<>(List.of(PADDING, "[gMASK]", "sop"));
    List<String> pieces = tokenizer.pieces(prompt);
    int read = Math.min(pieces.size(), ChatGlmTokenizer.MAX_LENGTH - 2);
    names.addAll(pieces.subList(0, read));
    return new PromptTokens(prompt, List.copyOf(names));
  }

  /** How many of the {@link #names} stand before the text's. */
  public int prefix() {
    return PREFIX;
  }

  /** The names of the text's own pieces. */
  public List<String> text() {
    return names.subList(PREFIX, names.size());
  }

  /**
   * The places among {@link #names} that a word is made of, wherever it stands in the prompt.
   *
   * @throws IllegalArgumentException if it is not in the prompt; the message shows the pieces
   */
  public List<Integer> of(String word) {
    if (names.contains(word) && names.indexOf(word) < PREFIX) {
      return List.of(names.indexOf(word));
    }
    StringBuilder text = new StringBuilder();
    List<Integer> owners = new ArrayList<>(); // of each char of the text, its first token
    List<Integer> lasts = new ArrayList<>(); // and its last
    for (int i = PREFIX; i < names.size(); i++) {
      int first = i;
      String piece = names.get(i).replace(SPACE, ' ');
      if (BYTE.matcher(piece).matches()) {
        byte[] bytes = character(first);
        piece = new String(bytes, StandardCharsets.UTF_8);
        i += bytes.length - 1;
      }
      text.append(piece);
      for (int c = 0; c < piece.length(); c++) {
        owners.add(first);
        lasts.add(i);
      }
    }
    List<Integer> found = new ArrayList<>();
    String wanted = word.replace(SPACE, ' ');
    int at = wanted.isEmpty() ? -1 : text.indexOf(wanted);
    while (at >= 0) {
      for (int i = owners.get(at); i <= lasts.get(at + wanted.length() - 1); i++) {
        found.add(i);
      }
      at = text.indexOf(wanted, at + wanted.length());
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is not in the prompt as it was read. Its pieces are %s; ask for one of them, for several in a row, or for %s."
              .formatted(word, text(), PADDING));
    }
    return found.stream().distinct().toList();
  }

  /** The bytes of a character that the vocabulary lacks, from its first token on. */
  private byte[] character(int first) {
    int lead = value(first);
    int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    List<Byte> bytes = new ArrayList<>();
    for (int i = first; i < names.size() && bytes.size() < length; i++) {
      if (!BYTE.matcher(names.get(i)).matches()) {
        break; // the text was cut off inside the character
      }
      bytes.add((byte) value(i));
    }
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes.get(i);
    }
    return all;
  }

  private int value(int index) {
    Matcher matcher = BYTE.matcher(names.get(index));
    if (!matcher.matches()) {
      throw new IllegalStateException("No byte: " + names.get(index));
    }
    return Integer.parseInt(matcher.group(1), 16);
  }
}
