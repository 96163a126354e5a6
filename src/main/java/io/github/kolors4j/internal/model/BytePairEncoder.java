package io.github.kolors4j.internal.model;

import io.github.kolors4j.internal.model.SentencePieceModel.Piece;
import io.github.kolors4j.internal.model.SentencePieceModel.PieceType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding as SentencePiece does it: a text starts as single characters; again and again
 * the neighbours whose joint piece has the highest score are joined (the leftmost of equals), until
 * no neighbours form a piece; a character that is no piece is spelt in bytes of UTF-8.
 *
 * <p>Candidates wait in a priority queue, so a text of n characters takes about n·log n steps. Half
 * of a surrogate pair, which is no character, counts as U+FFFD.
 *
 * @see <a href="https://arxiv.org/abs/1508.07909">Sennrich et al., Neural Machine Translation of
 *     Rare Words with Subword Units</a>; {@code src/bpe_model.cc} of google/sentencepiece
 */
public final class BytePairEncoder {
  private static final int NONE = -1;
  private static final char REPLACEMENT = '\uFFFD';
  private static final Comparator<Merge> BEST_FIRST =
      Comparator.comparing(Merge::score, Comparator.reverseOrder()).thenComparing(Merge::left);

  /**
   * Two neighbours that form a piece; {@code length} tells whether they still are what they were.
   */
  private record Merge(int left, int right, int length, int piece, float score) {}

  private final SentencePieceModel model;
  private final int longestPiece;

  public BytePairEncoder(SentencePieceModel model) {
    this.model = model;
    this.longestPiece = model.pieces().stream().mapToInt(p -> p.text().length()).max().orElse(0);
  }

  /** Ids of a text's pieces; none for the empty text. */
  int[] encode(String text) {
    return new Segmentation(text).ids();
  }

  /**
   * Ids of all normal pieces that appear while a text is encoded: its characters, what they are
   * joined to on the way, and the result. A vocabulary of these alone segments the text as the
   * whole one does.
   */
  public BitSet piecesOnTheWay(String text) {
    return new Segmentation(text).seen;
  }

  /**
   * The text that ids stand for. The space in front that encoding added is left out again; control
   * pieces and the unknown piece (also the padding) give nothing; bytes that are no UTF-8 give
   * U+FFFD each.
   *
   * @throws IllegalArgumentException when an id is not in the vocabulary
   */
  String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    byte[] bytes = new byte[ids.length];
    int byteCount = 0;
    boolean prefixAhead = model.dummyPrefix();
    for (int id : ids) {
      Piece piece = model.pieces().get(checked(id));
      if (piece.type() == PieceType.BYTE) {
        bytes[byteCount++] = (byte) Integer.parseInt(piece.text().substring(3, 5), 16);
        continue;
      }
      appendUtf8(text, bytes, byteCount);
      byteCount = 0;
      if (piece.type() == PieceType.NORMAL) {
        boolean prefixed = piece.text().charAt(0) == SentencePieceModel.SPACE;
        boolean dropPrefix = prefixAhead && text.isEmpty() && prefixed;
        prefixAhead = false;
        String surface = dropPrefix ? piece.text().substring(1) : piece.text();
        text.append(surface.replace(SentencePieceModel.SPACE, ' '));
      }
    }
    appendUtf8(text, bytes, byteCount);
    return text.toString();
  }

  private int checked(int id) {
    if (id < 0 || id >= model.size()) {
      throw new IllegalArgumentException(
          "The id " + id + " is outside of the vocabulary of " + model.size() + " pieces.");
    }
    return id;
  }

  /** Java's own decoder gives one U+FFFD for several stray bytes; SentencePiece one for each. */
  private static void appendUtf8(StringBuilder text, byte[] bytes, int count) {
    for (int i = 0; i < count; ) {
      int lead = bytes[i] & 0xFF;
      int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      try {
        ByteBuffer character = ByteBuffer.wrap(bytes, i, Math.min(length, count - i));
        text.append(StandardCharsets.UTF_8.newDecoder().decode(character));
        i += length;
      } catch (CharacterCodingException e) {
        text.append(REPLACEMENT);
        i++;
      }
    }
  }

  private String normalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    StringBuilder normalized = new StringBuilder(text.length() + 1);
    if (model.dummyPrefix()) {
      normalized.append(SentencePieceModel.SPACE);
    }
    text.codePoints()
        .map(c -> c == ' ' ? SentencePieceModel.SPACE : isSurrogate(c) ? REPLACEMENT : c)
        .forEach(normalized::appendCodePoint);
    return normalized.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /**
   * A text on its way from characters to pieces. Symbols are known by the place of their first
   * character, and are linked to their neighbours; a symbol that was joined to its left neighbour
   * has length 0.
   */
  private final class Segmentation {
    final BitSet seen = new BitSet();
    private final String text;
    private final int[] length;
    private final int[] previous;
    private final int[] next;
    private final PriorityQueue<Merge> merges = new PriorityQueue<>(BEST_FIRST);

    Segmentation(String original) {
      text = normalized(original);
      length = new int[text.length()];
      previous = new int[text.length()];
      next = new int[text.length()];
      splitIntoCharacters();
      mergeAll();
    }

    private void splitIntoCharacters() {
      int last = NONE;
      for (int at = 0; at < text.length(); at += length[at]) {
        length[at] = Character.charCount(text.codePointAt(at));
        previous[at] = last;
        next[at] = NONE;
        if (last != NONE) {
          next[last] = at;
        }
        int piece = model.idOf(text.substring(at, at + length[at]));
        if (piece >= 0) {
          seen.set(piece);
        }
        propose(last, at);
        last = at;
      }
    }

    private void mergeAll() {
      for (Merge merge = merges.poll(); merge != null; merge = merges.poll()) {
        int left = merge.left();
        int right = merge.right();
        boolean outdated = length[left] == 0 || length[right] == 0;
        if (outdated || length[left] + length[right] != merge.length()) {
          continue;
        }
        seen.set(merge.piece());
        length[left] = merge.length();
        length[right] = 0;
        next[left] = next[right];
        if (next[left] != NONE) {
          previous[next[left]] = left;
        }
        propose(previous[left], left);
        propose(left, next[left]);
      }
    }

    private void propose(int left, int right) {
      if (left == NONE || right == NONE) {
        return;
      }
      int joint = length[left] + length[right];
      if (joint > longestPiece) {
        return;
      }
      int piece = model.idOf(text.substring(left, left + joint));
      if (piece >= 0) {
        merges.add(new Merge(left, right, joint, piece, model.pieces().get(piece).score()));
      }
    }

    int[] ids() {
      int[] ids = new int[3 * text.length()];
      int count = 0;
      for (int at = 0; at != NONE && at < text.length(); at = next[at]) {
        String symbol = text.substring(at, at + length[at]);
        int piece = model.idOf(symbol);
        if (piece >= 0) {
          ids[count++] = piece;
        } else {
          for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
            ids[count++] = model.idOf(b);
          }
        }
      }
      return Arrays.copyOf(ids, count);
    }
  }
}
