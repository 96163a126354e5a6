package io.github.kolors4j.internal.model;

import io.github.kolors4j.internal.files.ForeignFile;
import io.github.kolors4j.internal.weights.ReadFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A SentencePiece model file ({@code tokenizer.model}) of the kind that ChatGLM3 publishes:
 * byte-pair encoding, identity normalisation, spaces written as {@code ▁} (U+2581), and 256 byte
 * pieces for what the vocabulary does not have. A model of another kind is refused rather than read
 * wrongly.
 *
 * <p>The format is {@code sentencepiece_model.proto} of google/sentencepiece.
 */
public final class SentencePieceModel {
  /** What stands for a space inside pieces. */
  public static final char SPACE = '\u2581';

  /** The published file has 1 MB. */
  private static final int LARGEST_FILE = 16 << 20;

  /** The published model has 64,789 pieces, the longest of 16 characters. */
  private static final int MOST_PIECES = 500_000;

  private static final int LONGEST_PIECE = 1_000;

  private static final int BYTE_PAIR_ENCODING = 2;

  /** What a piece is for, in the order of the format's numbers 1 to 6. */
  public enum PieceType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /**
   * One entry of the vocabulary; its id is its place in the file.
   *
   * @param score of two possible merges, the one with the higher score comes first
   */
  public record Piece(String text, float score, PieceType type) {}

  private final List<Piece> pieces;
  private final boolean dummyPrefix;
  private final Map<String, Integer> idOfNormalPiece = new HashMap<>();
  private final int[] idOfByte = new int[256];

  private SentencePieceModel(List<Piece> pieces, boolean dummyPrefix, String name) {
    this.pieces = List.copyOf(pieces);
    this.dummyPrefix = dummyPrefix;
    Arrays.fill(idOfByte, -1);
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      switch (piece.type()) {
        case NORMAL -> {
          if (idOfNormalPiece.put(piece.text(), id) != null) {
            throw new TokenizerException(
                name + " has the piece '" + piece.text() + "' twice. Download it again.");
          }
        }
        case BYTE -> idOfByte[byteOf(piece, name)] = id;
        case USER_DEFINED, UNUSED ->
            throw unsupported(
                name, "pieces of the type " + piece.type() + " ('" + piece.text() + "')");
        default -> {}
      }
    }
    for (int b = 0; b < 256; b++) {
      if (idOfByte[b] < 0) {
        throw unsupported(name, "no piece for the byte " + byteText(b));
      }
    }
  }

  /**
   * Reads a model.
   *
   * @throws TokenizerException when the file is missing, damaged or of another kind
   */
  public static SentencePieceModel read(Path file) {
    String name = file.toString();
    ProtobufReader model = new ProtobufReader(bytes(file), name);
    List<Piece> pieces = new ArrayList<>();
    // The format's own defaults, which a file need not spell out.
    long modelType = 1;
    boolean dummyPrefix = true;
    boolean removeExtraSpaces = true;
    while (model.next()) {
      switch (model.field()) {
        case 1 -> {
          pieces.add(piece(model.asMessage(), pieces.size(), name));
          if (pieces.size() > MOST_PIECES) {
            throw new TokenizerException(
                "%s has more than %,d pieces: it is no tokenizer of a Kolors. Download it again."
                    .formatted(name, MOST_PIECES));
          }
        }
        case 2 -> {
          ProtobufReader trainer = model.asMessage();
          while (trainer.next()) {
            if (trainer.field() == 3) {
              modelType = trainer.asLong();
            } else if (trainer.field() == 24 && trainer.asBoolean()) {
              throw unsupported(name, "spaces at the end of words instead of their beginning");
            }
          }
        }
        case 3 -> {
          ProtobufReader normalizer = model.asMessage();
          while (normalizer.next()) {
            switch (normalizer.field()) {
              case 2 -> {
                if (!normalizer.asString().isEmpty()) {
                  throw unsupported(name, "a normalisation table (ChatGLM3 has 'identity')");
                }
              }
              case 3 -> dummyPrefix = normalizer.asBoolean();
              case 4 -> removeExtraSpaces = normalizer.asBoolean();
              case 5 -> {
                if (!normalizer.asBoolean()) {
                  throw unsupported(name, "spaces that are not written as '▁'");
                }
              }
              default -> {}
            }
          }
        }
        default -> {}
      }
    }
    if (pieces.isEmpty()) {
      throw new TokenizerException(
          name + " holds no pieces. Is it a SentencePiece model? Download it again.");
    }
    if (modelType != BYTE_PAIR_ENCODING) {
      throw unsupported(name, "the model type " + modelType + " (byte-pair encoding is 2)");
    }
    if (removeExtraSpaces) {
      throw unsupported(name, "the removal of extra spaces");
    }
    return new SentencePieceModel(pieces, dummyPrefix, name);
  }

  /** All pieces, in the order of their ids. */
  public List<Piece> pieces() {
    return pieces;
  }

  /** Number of pieces: ids run from 0 to this less one. */
  public int size() {
    return pieces.size();
  }

  /** Whether a {@code ▁} is put before every text, so that its first word looks like the others. */
  boolean dummyPrefix() {
    return dummyPrefix;
  }

  /** Id of a normal piece, -1 if there is none; control and byte pieces are never found by text. */
  int idOf(String text) {
    return idOfNormalPiece.getOrDefault(text, -1);
  }

  /** Id of the piece that stands for one byte of UTF-8. */
  int idOf(byte value) {
    return idOfByte[value & 0xFF];
  }

  public static byte[] bytes(Path file) {
    try {
      return ForeignFile.bytes(file, LARGEST_FILE);
    } catch (ClosedByInterruptException e) {
      throw ReadFailure.of(file, e);
    } catch (IOException e) {
      throw new TokenizerException(
          "Cannot read the tokenizer "
              + file
              + " ("
              + (e instanceof NoSuchFileException ? "it is missing" : e.getMessage())
              + "). A model folder has it under tokenizer/tokenizer.model.",
          e);
    }
  }

  private static Piece piece(ProtobufReader message, int id, String name) {
    String text = "";
    float score = 0;
    PieceType type = PieceType.NORMAL;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> text = message.asString();
        case 2 -> score = message.asFloat();
        case 3 -> {
          long number = message.asLong();
          if (number < 1 || number > PieceType.values().length) {
            throw new TokenizerException(
                name
                    + " is damaged: piece "
                    + id
                    + " has the unknown type "
                    + number
                    + ". Download it again.");
          }
          type = PieceType.values()[(int) number - 1];
        }
        default -> {}
      }
    }
    if (text.isEmpty() || text.length() > LONGEST_PIECE || Float.isNaN(score)) {
      String what =
          text.isEmpty() ? "is empty" : Float.isNaN(score) ? "has no score" : "is too long";
      throw new TokenizerException(
          "%s is damaged: piece %d %s. Download it again.".formatted(name, id, what));
    }
    return new Piece(text, score, type);
  }

  private static int byteOf(Piece piece, String name) {
    if (!piece.text().matches("<0x[0-9A-F]{2}>")) {
      throw new TokenizerException(
          name
              + " is damaged: '"
              + piece.text()
              + "' is marked as a byte, but names none. Download it again.");
    }
    return Integer.parseInt(piece.text().substring(3, 5), 16);
  }

  private static String byteText(int value) {
    return String.format("<0x%02X>", value);
  }

  private static TokenizerException unsupported(String name, String what) {
    return new TokenizerException(
        name
            + " has "
            + what
            + ", which this tokenizer does not support: it reads ChatGLM3's SentencePiece model,"
            + " the one in Kolors' tokenizer folder.");
  }
}
