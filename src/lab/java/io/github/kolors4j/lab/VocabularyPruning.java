package io.github.kolors4j.lab;

import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.RegularFile;
import io.github.kolors4j.internal.model.BytePairEncoder;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.ProtobufReader;
import io.github.kolors4j.internal.model.SentencePieceModel;
import io.github.kolors4j.internal.model.SentencePieceModel.Piece;
import io.github.kolors4j.internal.model.SentencePieceModel.PieceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a tokenizer with a small vocabulary out of ChatGLM3's: most of a small model's parameters
 * would otherwise be embeddings of words that it never reads.
 *
 * <p>Kept are the pieces that appear while the given texts are encoded, those on the way to a
 * longer piece included, so that every merge happens as before and these texts are cut as before;
 * further all control and byte pieces and the single ASCII characters, so that any other text can
 * still be encoded, if in smaller pieces. Order and scores stay; ids are counted anew without gaps.
 */
final class VocabularyPruning {
  private static final String MODEL = "tokenizer.model";
  private static final List<String> COPIED =
      List.of("tokenizer_config.json", "special_tokens_map.json");

  /** Number of the field of a SentencePiece model that holds one piece. */
  private static final int PIECE_FIELD = 1;

  private VocabularyPruning() {}

  /**
   * Writes {@code tokenizer.model} with fewer pieces, and copies the tokenizer's JSON files.
   *
   * @param tokenizerFolder the whole tokenizer
   * @param texts what the small one must cut as the whole one does, such as all captions of a data
   *     set
   * @param outputFolder made if it is missing; not {@code tokenizerFolder}
   * @throws io.github.kolors4j.internal.model.TokenizerException when the tokenizer cannot be read
   */
  public static void prune(Path tokenizerFolder, Iterable<String> texts, Path outputFolder) {
    if (outputFolder
        .toAbsolutePath()
        .normalize()
        .equals(tokenizerFolder.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "The pruned tokenizer would overwrite the whole one in "
              + tokenizerFolder
              + "; choose another output folder.");
    }
    ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(tokenizerFolder);
    Path modelFile = tokenizerFolder.resolve(MODEL);
    SentencePieceModel model = SentencePieceModel.read(modelFile);
    BitSet kept = keptPieces(model, tokenizer, texts);
    try {
      Files.createDirectories(outputFolder);
      byte[] pruned = withPieces(modelFile, kept);
      AtomicFile.write(outputFolder.resolve(MODEL), out -> out.write(pruned));
      for (String name : COPIED) {
        Path file = tokenizerFolder.resolve(name);
        if (Files.exists(file)) {
          AtomicFile.write(
              outputFolder.resolve(name), out -> Files.copy(RegularFile.require(file), out));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the pruned tokenizer to " + outputFolder, e);
    }
  }

  private static BitSet keptPieces(
      SentencePieceModel model, ChatGlmTokenizer tokenizer, Iterable<String> texts) {
    BitSet kept = new BitSet(model.size());
    for (int id = 0; id < model.size(); id++) {
      kept.set(id, isAlwaysKept(model.pieces().get(id)));
    }
    BytePairEncoder encoder = new BytePairEncoder(model);
    for (String text : texts) {
      for (String part : tokenizer.textParts(text)) {
        kept.or(encoder.piecesOnTheWay(part));
      }
    }
    return kept;
  }

  private static boolean isAlwaysKept(Piece piece) {
    if (piece.type() != PieceType.NORMAL) {
      return true;
    }
    char first = piece.text().charAt(0);
    return piece.text().length() == 1 && (first < 0x80 || first == SentencePieceModel.SPACE);
  }

  /** The model's file without the other pieces; every other field stays as it stands. */
  private static byte[] withPieces(Path modelFile, BitSet kept) throws IOException {
    ByteArrayOutputStream pruned = new ByteArrayOutputStream();
    ProtobufReader fields = new ProtobufReader(SentencePieceModel.bytes(modelFile), MODEL);
    int id = 0;
    while (fields.next()) {
      if (fields.field() != PIECE_FIELD || kept.get(id++)) {
        ByteBuffer field = fields.fieldBytes();
        pruned.write(field.array(), field.arrayOffset(), field.remaining());
      }
    }
    return pruned.toByteArray();
  }
}
