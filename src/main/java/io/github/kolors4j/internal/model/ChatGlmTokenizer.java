package io.github.kolors4j.internal.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.weights.ReadFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ChatGLM3's tokenizer, which Kolors reads prompts with: SentencePiece, nine special tokens after
 * its vocabulary, the prefix {@code [gMASK] sop}, and padding on the left.
 *
 * <p>It gives the ids of diffusers' {@code ChatGLMTokenizer} under transformers 4.57 (called with
 * {@code padding="max_length", max_length=256, truncation=True}), oddities included: special tokens
 * written in a prompt are ordinary text, but for {@code </s>} and {@code <unk>}, which transformers
 * cuts out and numbers like the vocabulary's last two tokens. New words ({@link #withWords}) are
 * cut out as well.
 *
 * <p>Immutable, and safe to use from several threads.
 */
public final class ChatGlmTokenizer {
  /** Tokens that Kolors gives its text encoder for each prompt. */
  public static final int MAX_LENGTH = 256;

  private static final Logger LOG = LoggerFactory.getLogger(ChatGlmTokenizer.class);
  private static final List<String> ROLES =
      List.of("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>");
  private static final List<String> SPECIAL_TOKENS =
      List.of(
          "[MASK]",
          "[gMASK]",
          "[sMASK]",
          "sop",
          "eop",
          ROLES.get(0),
          ROLES.get(1),
          ROLES.get(2),
          ROLES.get(3));

  private final SentencePieceModel model;
  private final BytePairEncoder encoder;
  private final int paddingId;

  /** Special tokens and new words that are recognised inside a prompt, with their ids. */
  private final Map<String, int[]> cutOut = new LinkedHashMap<>();

  private final Pattern cutOutPattern;

  /** What the tokens of new words are called; the first has the id {@link #firstNewId}. */
  private final List<String> newTokens = new ArrayList<>();

  private final int firstNewId;
  private final boolean encodeRoles;

  private ChatGlmTokenizer(
      SentencePieceModel model, boolean encodeRoles, List<NewWord> words, int firstNewId) {
    this.model = model;
    this.encodeRoles = encodeRoles;
    this.firstNewId = firstNewId;
    this.encoder = new BytePairEncoder(model);
    this.paddingId = idOfUnknownPiece(model);
    // transformers numbers added tokens from the count of distinct token texts, and ChatGLM gives
    // <unk>, <s> and </s> the same (empty) text: so the numbers start two too low.
    cutOut.put("</s>", new int[] {vocabularySize() - 2});
    cutOut.put("<unk>", new int[] {vocabularySize() - 1});
    if (encodeRoles) {
      ROLES.forEach(role -> cutOut.put(role, new int[] {specialToken(role)}));
    }
    words.forEach(this::enter);
    this.cutOutPattern =
        Pattern.compile(
            cutOut.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
  }

  private void enter(NewWord word) {
    int first = firstNewId + newTokens.size();
    for (int i = 0; i < word.tokens(); i++) {
      String name = word.name(i);
      if (knows(name)) {
        throw new TokenizerException(
            "The word '%s' exists already%s: give the new one another name, such as <%s>."
                .formatted(
                    name,
                    i == 0 ? "" : ", but '%s' needs it for its tokens".formatted(word.text()),
                    word.text().replaceAll("[<>]", "") + "-new"));
      }
      newTokens.add(name);
      cutOut.put(name, new int[] {first + i});
    }
    // The word alone stands for all of its tokens.
    cutOut.put(word.text(), IntStream.range(first, first + word.tokens()).toArray());
  }

  /** Whether a word is a single token, or a special one. */
  private boolean knows(String word) {
    String begun = SentencePieceModel.SPACE + word;
    return cutOut.containsKey(word)
        || SPECIAL_TOKENS.contains(word)
        || model.pieces().stream()
            .anyMatch(piece -> piece.text().equals(word) || piece.text().equals(begun));
  }

  /**
   * This tokenizer with other new words than it has.
   *
   * @param words in the order of their tokens' ids
   * @param firstId the id of the first one's first token: the number of rows that the text
   *     encoder's own table has
   * @throws TokenizerException if a word exists already
   */
  public ChatGlmTokenizer withWords(List<NewWord> words, int firstId) {
    return new ChatGlmTokenizer(model, encodeRoles, words, firstId);
  }

  /**
   * The one token that a text is, whether or not a space is before it.
   *
   * @throws TokenizerException if it is none or several; the message shows them
   */
  public int onlyToken(String text) {
    int[] ids = textIds(text);
    int start =
        ids.length > 1 && token(ids[0]).equals(String.valueOf(SentencePieceModel.SPACE)) ? 1 : 0;
    if (ids.length - start != 1) {
      throw new TokenizerException(
          "'%s' must be one token, but it is %s: choose a more common word."
              .formatted(text, pieces(text)));
    }
    return ids[start];
  }

  /**
   * Reads {@code tokenizer.model} and, if it is there, {@code tokenizer_config.json}.
   *
   * @param tokenizerFolder a model's folder {@code tokenizer}
   * @throws TokenizerException when a file is missing, damaged or of another kind
   */
  public static ChatGlmTokenizer load(Path tokenizerFolder) {
    boolean encodeRoles = encodesRoles(tokenizerFolder.resolve("tokenizer_config.json"));
    Path file = tokenizerFolder.resolve("tokenizer.model");
    return new ChatGlmTokenizer(
        SentencePieceModel.read(file), encodeRoles, List.of(), Integer.MAX_VALUE);
  }

  /** A prompt as {@value #MAX_LENGTH} tokens; see {@link #encode(String, int)}. */
  public TokenizedPrompt encode(String prompt) {
    return encode(prompt, MAX_LENGTH);
  }

  /**
   * A prompt as {@code maxLength} tokens. A shorter one is padded on the left; a longer one keeps
   * the prefix {@code [gMASK] sop} and its beginning, and a warning is logged.
   *
   * @param maxLength length of the rows, prefix included; at least 2
   */
  public TokenizedPrompt encode(String prompt, int maxLength) {
    if (maxLength < 2) {
      throw new IllegalArgumentException(
          "maxLength is " + maxLength + ", but the prefix alone has two tokens; Kolors takes 256.");
    }
    int[] text = textIds(prompt);
    int kept = Math.min(text.length, maxLength - 2);
    int length = kept + 2;
    int padding = maxLength - length;
    long[] ids = new long[maxLength];
    Arrays.fill(ids, 0, padding, paddingId);
    ids[padding] = specialToken("[gMASK]");
    ids[padding + 1] = specialToken("sop");
    for (int i = 0; i < kept; i++) {
      ids[padding + 2 + i] = text[i];
    }
    long[] mask = new long[maxLength];
    long[] positions = new long[maxLength];
    for (int i = 0; i < length; i++) {
      mask[padding + i] = 1;
      positions[padding + i] = i;
    }
    String dropped = dropped(text, kept);
    if (kept < text.length) {
      LOG.warn(
          "The prompt has {} tokens, {} more than fit; its end is ignored: \"{}\"",
          text.length + 2,
          text.length - kept,
          dropped.length() <= 200 ? dropped : dropped.substring(0, 200) + "…");
    }
    return new TokenizedPrompt(ids, mask, positions, kept < text.length, dropped);
  }

  /**
   * The pieces that a prompt is cut into, without prefix and padding; {@code ▁} stands for a space
   * and {@code <0xF0>} for a byte of a character that the vocabulary does not have.
   */
  public List<String> pieces(String prompt) {
    return Arrays.stream(textIds(prompt)).mapToObj(this::token).toList();
  }

  /** Prefix and prompt as ids, without padding or truncation. */
  public int[] ids(String prompt) {
    IntStream prefix = IntStream.of(specialToken("[gMASK]"), specialToken("sop"));
    return IntStream.concat(prefix, Arrays.stream(textIds(prompt))).toArray();
  }

  /** The text that ids stand for; padding and special tokens give nothing. */
  public String decode(long... ids) {
    StringBuilder text = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= ids.length; i++) {
      if (i == ids.length || isNew(ids[i])) {
        text.append(
            encoder.decode(
                Arrays.stream(ids, start, i)
                    .filter(id -> id < model.size() || id >= vocabularySize())
                    .mapToInt(Math::toIntExact)
                    .toArray()));
        text.append(i == ids.length ? "" : newTokens.get((int) ids[i] - firstNewId));
        start = i + 1;
      }
    }
    return text.toString();
  }

  private boolean isNew(long id) {
    return id >= firstNewId && id < (long) firstNewId + newTokens.size();
  }

  /** Number of ids: the SentencePiece vocabulary and nine special tokens. */
  public int vocabularySize() {
    return model.size() + SPECIAL_TOKENS.size();
  }

  /** The id that fills rows up on the left. */
  public int paddingId() {
    return paddingId;
  }

  /**
   * Id of a special token.
   *
   * @param token such as {@code [gMASK]}, {@code sop} or {@code <|user|>}
   */
  public int specialToken(String token) {
    int index = SPECIAL_TOKENS.indexOf(token);
    if (index < 0) {
      throw new IllegalArgumentException(
          "'" + token + "' is no special token; there are " + SPECIAL_TOKENS + ".");
    }
    return model.size() + index;
  }

  /** A prompt cut at the special tokens that are recognised in it; these parts are left out. */
  public List<String> textParts(String prompt) {
    return cutOutPattern.splitAsStream(prompt).filter(part -> !part.isEmpty()).toList();
  }

  private int[] textIds(String prompt) {
    List<int[]> parts = new ArrayList<>();
    Matcher matcher = cutOutPattern.matcher(prompt);
    int start = 0;
    while (matcher.find()) {
      parts.add(encoder.encode(prompt.substring(start, matcher.start())));
      parts.add(Objects.requireNonNull(cutOut.get(matcher.group())));
      start = matcher.end();
    }
    parts.add(encoder.encode(prompt.substring(start)));
    return parts.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private String dropped(int[] text, int kept) {
    return decode(Arrays.stream(text, kept, text.length).asLongStream().toArray());
  }

  private String token(int id) {
    if (isNew(id)) {
      return newTokens.get(id - firstNewId);
    }
    return id < model.size()
        ? model.pieces().get(id).text()
        : SPECIAL_TOKENS.get(id - model.size());
  }

  private static int idOfUnknownPiece(SentencePieceModel model) {
    for (int id = 0; id < model.size(); id++) {
      if (model.pieces().get(id).type() == SentencePieceModel.PieceType.UNKNOWN) {
        return id;
      }
    }
    throw new TokenizerException("The tokenizer has no unknown piece, which is its padding too.");
  }

  private static boolean encodesRoles(Path config) {
    if (!Files.exists(config)) {
      return false;
    }
    try {
      return ForeignJson.read(config, json -> encodesRoles(json.getAsJsonObject()));
    } catch (ClosedByInterruptException e) {
      throw ReadFailure.of(config, e);
    } catch (IOException e) {
      throw new TokenizerException(
          "Cannot read the tokenizer's options in "
              + config
              + " ("
              + e.getMessage()
              + "). It must be a JSON object; without the file the published options hold.",
          e);
    }
  }

  private static boolean encodesRoles(JsonObject options) {
    JsonElement encode = options.get("encode_special_tokens");
    if (encode == null || encode.isJsonNull()) {
      return false;
    }
    if (encode instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw new JsonParseException("encode_special_tokens is neither true nor false");
  }
}
