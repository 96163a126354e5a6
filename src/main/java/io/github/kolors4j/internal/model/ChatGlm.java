package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ChatGLM3, the language model that Kolors reads prompts with (Du et al. 2022; diffusers {@code
 * pipelines/kolors/text_encoder.py}).
 *
 * <p>A decoder-only transformer: root-mean-square norms, rotary positions on the first half of each
 * head, query heads that share keys in groups, gated feed-forward layers.
 */
public final class ChatGlm implements AutoCloseable {
  private final ChatGlmConfig config;
  private final Weights weights;
  private final NDArray embeddings;
  private final Layer[] layers;
  private final NDArray finalNorm;
  private final @Nullable Linear output;
  private final Precision precision;

  /** Vectors of tokens that follow those of the table, or null if there are none. */
  private @Nullable NDArray newTokens;

  /**
   * A network that predicts tokens and computes in float32.
   *
   * @param weights under their published names, with or without the prefix {@code transformer.};
   *     closed with this network
   * @throws io.github.kolors4j.WeightsException if weights are missing or left over
   */
  public ChatGlm(ChatGlmConfig config, Weights weights) {
    this(config, weights, Precision.FLOAT32, true);
  }

  /**
   * @param predicting whether its output layer is wanted, which encoding a prompt does without
   */
  private ChatGlm(ChatGlmConfig config, Weights weights, Precision precision, boolean predicting) {
    this.precision = precision;
    this.config = config;
    this.weights = weights;
    String embeddingName = "embedding.word_embeddings";
    Weights root =
        weights.has("transformer." + embeddingName + ".weight")
            ? weights.at("transformer")
            : weights;
    int hidden = config.hiddenSize();
    embeddings = root.at(embeddingName).get("weight", config.vocabularySize(), hidden);
    if (root.has("rotary_pos_emb.inv_freq")) {
      root.get("rotary_pos_emb.inv_freq", config.headSize() / 4); // computed, not learned
    }
    layers = new Layer[config.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new Layer(root.at("encoder.layers." + i), config);
    }
    finalNorm = root.at("encoder.final_layernorm").get("weight", hidden);
    if (predicting) {
      output = new Linear(root.at("output_layer"), hidden, config.vocabularySize(), false);
    } else {
      root.leave("output_layer.weight", config.vocabularySize(), hidden);
      output = null;
    }
    weights.requireAllUsed("text encoder");
  }

  /**
   * Loads the text encoder of a published folder ({@code config.json} and its weights).
   *
   * @param manager the parent of the weights' owner
   */
  public static ChatGlm load(Path folder, NDManager manager) {
    return load(folder, manager, LoadOptions.FLOAT32);
  }

  /**
   * Loads the text encoder of a published folder. Its output layer is left in the file, since
   * {@link #encode} does not need it.
   *
   * @param manager the parent of the weights' owner
   * @param loading how the weights are held, and what is computed with
   */
  public static ChatGlm load(Path folder, NDManager manager, LoadOptions loading) {
    return load(ChatGlmConfig.read(folder), folder, manager, loading);
  }

  /** The same with its configuration, if that has been read. */
  public static ChatGlm load(
      ChatGlmConfig config, Path folder, NDManager manager, LoadOptions loading) {
    try (TensorFile file = WeightFolder.open(folder)) {
      WeightSource source = new FileWeights(file, folder.toString(), loading);
      Weights weights = new Weights(source, manager.newSubManager());
      return new ChatGlm(config, weights, loading.precision(), false);
    }
  }

  /**
   * What Kolors takes from the text encoder.
   *
   * @param tokens the hidden states that enter the last layer (batch, length, hidden)
   * @param pooled the last token's hidden state after the last layer (batch, hidden)
   */
  public record Encoding(NDArray tokens, NDArray pooled) implements AutoCloseable {
    @Override
    public void close() {
      tokens.close();
      pooled.close();
    }
  }

  /**
   * Encodes prompts.
   *
   * @param inputIds (batch, length) int64
   * @param attentionMask (batch, length) int64, 1 for a token, 0 for padding
   * @param positionIds (batch, length) int64
   */
  public Encoding encode(NDArray inputIds, NDArray attentionMask, NDArray positionIds) {
    return encode(inputIds, attentionMask, positionIds, precision);
  }

  /**
   * Encodes prompts in another precision than the one that was loaded for.
   *
   * @return float32, whatever was computed with
   */
  public Encoding encode(
      NDArray inputIds, NDArray attentionMask, NDArray positionIds, Precision precision) {
    try (Scope scope = new Scope(inputIds, attentionMask, positionIds)) {
      NDArray mask = TensorOperators.chatGlmMask(attentionMask);
      NDArray tokens = precision.convert(embed(inputIds));
      NDArray turn = turn(positionIds, tokens);
      for (int i = 0; i < layers.length - 1; i++) {
        Work.check();
        NDArray next = layers[i].forward(tokens, mask, turn);
        tokens.close();
        tokens = next;
      }
      NDArray last = layers[layers.length - 1].forward(tokens, mask, turn);
      NDArray pooled = TensorOperators.float32(last.get(new NDIndex(":, -1")));
      return new Encoding(
          scope.result(TensorOperators.float32(tokens)), scope.result(pooled.duplicate()));
    }
  }

  /**
   * Encodes prompts segment by segment, a layer each: for training, with or without gradient
   * checkpointing. All that is computed belongs to the ids' manager.
   *
   * @param inputIds (batch, length) int64; attentionMask and positionIds as in {@link
   *     #encode(NDArray, NDArray, NDArray)}
   */
  public Encoding encode(
      NDArray inputIds, NDArray attentionMask, NDArray positionIds, Checkpointing checkpointing) {
    // Copies, since PyTorch lets a backward pass use nothing that was computed while it recorded
    // nothing; and with gradient checkpointing it does not record here.
    NDArray mask = TensorOperators.chatGlmMask(attentionMask).duplicate();
    NDArray turn = TensorOperators.rotaryTurn(positionIds, config.headSize() / 4).duplicate();
    NDArray state = newTokens == null ? embed(inputIds) : checkpointing.run(x -> embed(inputIds));
    NDArray tokens = state;
    for (Layer layer : layers) {
      tokens = state;
      state = checkpointing.run(x -> layer.forward(x[0], mask, turn), state);
    }
    NDArray pooled = checkpointing.run(x -> x[0].get(new NDIndex(":, -1")), state);
    return new Encoding(tokens, pooled);
  }

  /**
   * The hidden states (batch, length, hidden) that enter the first layer and that leave each layer.
   */
  public List<NDArray> hiddenStates(NDArray inputIds, NDArray attentionMask, NDArray positionIds) {
    try (Scope scope = new Scope(inputIds, attentionMask, positionIds)) {
      NDArray mask = TensorOperators.chatGlmMask(attentionMask);
      List<NDArray> states = new ArrayList<>();
      states.add(precision.convert(embed(inputIds)));
      NDArray turn = turn(positionIds, states.get(0));
      for (Layer layer : layers) {
        states.add(layer.forward(states.get(states.size() - 1), mask, turn));
      }
      states.forEach(scope::result);
      return states;
    }
  }

  /** The vectors of tokens (batch, length, hidden), from the table or, beyond its end, new ones. */
  private NDArray embed(NDArray ids) {
    if (newTokens == null) {
      return TensorOperators.embedding(ids, embeddings);
    }
    int known = config.vocabularySize();
    long last = newTokens.getShape().get(0) - 1;
    NDArray inTable =
        TensorOperators.float32(TensorOperators.embedding(ids.clip(0, known - 1), embeddings));
    NDArray beyond = TensorOperators.embedding(ids.sub(known).clip(0, last), newTokens);
    NDArray isNew = TensorOperators.sameType(ids.gte(known), inTable).expandDims(-1);
    return inTable.mul(isNew.neg().add(1)).add(beyond.mul(isNew));
  }

  /**
   * Gives the tokens after those of the table, whose ids begin at {@link
   * ChatGlmConfig#vocabularySize()}, vectors of their own.
   *
   * @param vectors (tokens, hidden) float32, which stay the caller's, may change and may be
   *     trained; null for none
   */
  public void setNewTokens(@Nullable NDArray vectors) {
    newTokens = vectors;
  }

  /** A copy of a token's vector (hidden) in float32, the caller's to close. */
  public NDArray vector(int id) {
    try (NDArray ids = embeddings.getManager().create(new long[] {id});
        NDArray row = TensorOperators.embedding(ids, embeddings)) {
      return TensorOperators.float32(row.get(0)).duplicate();
    }
  }

  /** Rotary positions in the type that is computed with, as the original has them. */
  private NDArray turn(NDArray positionIds, NDArray states) {
    return TensorOperators.sameType(
        TensorOperators.rotaryTurn(positionIds, config.headSize() / 4), states);
  }

  /**
   * Predicts each next token.
   *
   * @param lastHiddenState (batch, length, hidden), the last of {@link #hiddenStates}
   * @return logits (batch, length, vocabularySize)
   * @throws IllegalStateException if this network was loaded to encode prompts
   */
  public NDArray logits(NDArray lastHiddenState) {
    if (output == null) {
      throw new IllegalStateException(
          "This text encoder was loaded to encode prompts, without the layer that predicts tokens.");
    }
    try (Scope scope = new Scope(lastHiddenState)) {
      return scope.result(
          output.forward(TensorOperators.rmsNorm(lastHiddenState, finalNorm, config.epsilon())));
    }
  }

  /** The linear layers by their published names, for adapters. */
  public Map<String, AdaptableLayer> adaptableLayers() {
    return weights.layers(AdaptableLayer.class);
  }

  public ChatGlmConfig config() {
    return config;
  }

  public Weights weights() {
    return weights;
  }

  @Override
  public void close() {
    weights.close();
  }

  /** Attention and feed-forward, each normalised before and added to its input. */
  private static final class Layer {
    private final ChatGlmConfig config;
    private final NDArray inputNorm;
    private final Linear queryKeyValue;
    private final Linear dense;
    private final NDArray attentionNorm;
    private final Linear widen;
    private final Linear narrow;

    Layer(Weights weights, ChatGlmConfig config) {
      this.config = config;
      int hidden = config.hiddenSize();
      int queries = config.heads() * config.headSize();
      int keys = config.keyGroups() * config.headSize();
      inputNorm = weights.at("input_layernorm").get("weight", hidden);
      queryKeyValue =
          new Linear(
              weights.at("self_attention.query_key_value"),
              hidden,
              queries + 2 * keys,
              config.queryKeyValueBias());
      dense = new Linear(weights.at("self_attention.dense"), queries, hidden, false);
      attentionNorm = weights.at("post_attention_layernorm").get("weight", hidden);
      int wide = config.feedForwardSize();
      widen = new Linear(weights.at("mlp.dense_h_to_4h"), hidden, 2 * wide, false);
      narrow = new Linear(weights.at("mlp.dense_4h_to_h"), wide, hidden, false);
    }

    NDArray forward(NDArray x, NDArray mask, NDArray turn) {
      try (Scope scope = new Scope(x)) {
        NDArray h =
            attend(TensorOperators.rmsNorm(x, inputNorm, config.epsilon()), mask, turn).add(x);
        NDArray normed = TensorOperators.rmsNorm(h, attentionNorm, config.epsilon());
        NDArray fed = narrow.forward(TensorOperators.swiglu(widen.forward(normed)));
        return scope.result(fed.add(h));
      }
    }

    private NDArray attend(NDArray x, NDArray mask, NDArray turn) {
      long batch = x.getShape().get(0);
      long length = x.getShape().get(1);
      int size = config.headSize();
      int queries = config.heads() * size;
      int keys = config.keyGroups() * size;
      NDArray mixed = queryKeyValue.forward(x);
      Shape queryHeads = new Shape(batch, length, config.heads(), size);
      Shape keyHeads = new Shape(batch, length, config.keyGroups(), size);
      NDArray query = mixed.get(new NDIndex(":, :, :" + queries)).reshape(queryHeads);
      NDArray key =
          mixed.get(new NDIndex(":, :, " + queries + ":" + (queries + keys))).reshape(keyHeads);
      NDArray value = mixed.get(new NDIndex(":, :, " + (queries + keys) + ":")).reshape(keyHeads);
      return dense.forward(
          TensorOperators.groupedAttention(
              TensorOperators.rotary(query, turn), TensorOperators.rotary(key, turn), value, mask));
    }
  }
}
