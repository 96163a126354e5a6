package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.concepts.AttributeLabels;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.Linear;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.training.MovingAverage;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trains kolors-mini's text encoder. Afterwards it is frozen.
 *
 * <p>It learns to predict each next token of the captions, as ChatGLM did, and besides what the
 * described picture shows: from the last token's state, which Kolors takes for a summary, and from
 * the state of the padding. ChatGLM's padding sees the whole text, and it makes up nine tenths of
 * what a UNet is given, so it had better say something. (What captions are matched with in CLIP,
 * the picture, is here its known attributes.)
 */
final class TextEncoderTraining {
  /** In front of the names of what is trained beside the encoder and not part of it. */
  static final String HEADS = "heads.";

  private static final List<String> ATTRIBUTES =
      List.of(
          "style",
          "who",
          "hairStyle",
          "hairColor",
          "hat",
          "eyes",
          "mouth",
          "glasses",
          "clothing",
          "clothingColor",
          "background");

  /** What one attribute counts, where the prediction of the next token counts 1. */
  private static final double ATTRIBUTE_WEIGHT = 0.3;

  private final Checkpoints checkpoints;
  private final long steps;
  private final double peak;
  private final @Nullable Path start;
  private final Random random = new Random();

  /**
   * @param folder for the checkpoints, from which an interrupted run goes on
   * @param steps how many in all
   * @param peak the highest learning rate
   * @param start what a training begins with ({@link StartingWeights}); null for random weights
   */
  TextEncoderTraining(Path folder, long steps, double peak, @Nullable Path start) {
    this.checkpoints = new Checkpoints(folder.resolve("text_encoder"));
    this.steps = steps;
    this.peak = peak;
    this.start = start;
  }

  /** A four-layer ChatGLM for a vocabulary of the given size. */
  public static ChatGlmConfig config(int vocabularySize) {
    return new ChatGlmConfig(vocabularySize, 128, 4, 4, 2, 32, 344, 1e-5, true);
  }

  /** Trains, or goes on with an interrupted training. */
  public void train(ChatGlmTokenizer tokenizer, List<Corpus.Entry> entries) {
    AttributeLabels labels =
        AttributeLabels.in(entries.stream().map(Corpus.Entry::description).toList(), ATTRIBUTES);
    LearningRate schedule = LearningRate.cosine(peak, steps).warmUp(100);
    try (NDManager manager = PyTorch.manager();
        ChatGlm model =
            new ChatGlm(
                config(tokenizer.vocabularySize()),
                new Weights(new InitialWeights(2, Set.of()), manager.newSubManager()));
        Weights headWeights =
            new Weights(new InitialWeights(4, Set.of()), manager.newSubManager())) {
      int hidden = model.config().hiddenSize();
      if (start != null) {
        StartingWeights.copy(start, "text_encoder", model.weights().tensors());
      }
      Heads ofPadding = new Heads(headWeights.at(HEADS + "padding"), labels, hidden);
      Heads ofLast = new Heads(headWeights.at(HEADS + "last"), labels, hidden);
      Map<String, NDArray> parameters = new LinkedHashMap<>(model.weights().tensors());
      parameters.putAll(headWeights.tensors());
      try (AdamW optimizer = new AdamW(parameters, new AdamW.Settings(0.9, 0.99, 1e-8, 0.01));
          MovingAverage average = checkpoints.restore(parameters, optimizer, 0.995)) {
        Progress progress = new Progress("text encoder", steps, checkpoints.log());
        while (optimizer.steps() < steps) {
          long step = optimizer.steps();
          random.setSeed(step);
          try (NDManager scope = manager.newSubManager();
              Gradients recording = Gradients.enable()) {
            Batch batch = draw(step, tokenizer, entries);
            List<NDArray> states = batch.hiddenStates(model, scope);
            NDArray last = states.get(states.size() - 1);
            NDArray logits = model.logits(last).reshape(-1, tokenizer.vocabularySize());
            NDArray loss = TensorOperators.crossEntropy(logits, scope.create(batch.targets()));
            NDArray shown =
                ofPadding
                    .loss(states.get(states.size() - 2).get(new NDIndex(":, 0")), batch.pictures())
                    .add(ofLast.loss(last.get(new NDIndex(":, -1")), batch.pictures()));
            Gradients.backward(loss.add(TensorOperators.scale(shown, ATTRIBUTE_WEIGHT)));
            optimizer.step(schedule.at(step), 1.0);
            average.update(optimizer.steps());
            progress.step(optimizer.steps(), loss.getFloat() + shown.getFloat());
          }
          if (optimizer.steps() % Checkpoints.EVERY == 0 || optimizer.steps() == steps) {
            checkpoints.save(parameters, optimizer, average);
          }
        }
      }
    }
  }

  /** Linear classifiers of what a picture shows, one for each attribute. */
  private static final class Heads {
    private final AttributeLabels labels;
    private final Map<String, Linear> heads = new LinkedHashMap<>();

    Heads(Weights weights, AttributeLabels labels, int hidden) {
      this.labels = labels;
      labels
          .values()
          .forEach(
              (attribute, values) ->
                  heads.put(attribute, new Linear(weights.at(attribute), hidden, values.size())));
    }

    /**
     * The attributes' cross-entropies together.
     *
     * @param states (batch, hidden)
     */
    NDArray loss(NDArray states, List<Map<String, String>> pictures) {
      Map<String, NDArray> logits = new LinkedHashMap<>();
      heads.forEach((attribute, head) -> logits.put(attribute, head.forward(states)));
      return labels.crossEntropy(logits, pictures);
    }
  }

  /**
   * Captions of pictures.
   *
   * @param targets each place's next token, where there is one to predict
   * @param pictures what each caption's picture shows
   */
  private record Batch(
      long[] ids,
      long[] mask,
      long[] positions,
      long[] targets,
      List<Map<String, String>> pictures) {

    List<NDArray> hiddenStates(ChatGlm model, NDManager manager) {
      Shape shape = new Shape(pictures.size(), ids.length / pictures.size());
      return model.hiddenStates(
          manager.create(ids, shape),
          manager.create(mask, shape),
          manager.create(positions, shape));
    }
  }

  /** Every fourth batch has all the padding that prompts have, the others have less of it. */
  private Batch draw(long step, ChatGlmTokenizer tokenizer, List<Corpus.Entry> entries) {
    boolean whole = step % 4 == 0;
    int rows = whole ? 8 : 24;
    int length = whole ? ChatGlmTokenizer.MAX_LENGTH : 64;
    long[] ids = new long[rows * length];
    long[] mask = new long[rows * length];
    long[] positions = new long[rows * length];
    long[] targets = new long[rows * length];
    List<Map<String, String>> pictures = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Corpus.Entry entry = entries.get(random.nextInt(entries.size()));
      pictures.add(entry.description());
      List<String> captions = entry.captions();
      TokenizedPrompt prompt =
          tokenizer.encode(captions.get(random.nextInt(captions.size())), length);
      for (int i = 0; i < length; i++) {
        int at = row * length + i;
        ids[at] = prompt.inputIds()[i];
        mask[at] = prompt.attentionMask()[i];
        positions[at] = prompt.positionIds()[i];
        boolean predicts = i + 1 < length && prompt.positionIds()[i] > 0 && mask[at] == 1;
        targets[at] = predicts ? prompt.inputIds()[i + 1] : AttributeLabels.NONE;
      }
    }
    return new Batch(ids, mask, positions, targets, pictures);
  }
}
