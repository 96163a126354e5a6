package io.github.kolors4j.training.scratch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.model.ChatGlmConfig;
import io.github.kolors4j.model.ChatGlmTokenizer;
import io.github.kolors4j.model.TokenizedPrompt;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.tensor.Operators;
import io.github.kolors4j.training.AdamW;
import io.github.kolors4j.training.LearningRate;
import io.github.kolors4j.training.MovingAverage;
import io.github.kolors4j.weights.InitialWeights;
import io.github.kolors4j.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Trains kolors-mini's text encoder from nothing, as ChatGLM was: to predict each next token of the
 * captions. Afterwards it is frozen.
 */
public final class TextEncoderTraining {
  private static final int BATCH = 24;
  private static final int LENGTH = 64;
  private static final int IGNORED = -100;

  private final Checkpoints checkpoints;
  private final long steps;
  private final Random random = new Random();

  public TextEncoderTraining(Path folder, long steps) {
    this.checkpoints = new Checkpoints(folder.resolve("text_encoder"));
    this.steps = steps;
  }

  /** A four-layer ChatGLM for a vocabulary of the given size. */
  public static ChatGlmConfig config(int vocabularySize) {
    return new ChatGlmConfig(vocabularySize, 128, 4, 4, 2, 32, 344, 1e-5, true);
  }

  /** Trains, or goes on with an interrupted training. */
  public void train(ChatGlmTokenizer tokenizer, List<String> captions) {
    LearningRate schedule = LearningRate.cosine(2e-3, steps).warmUp(100);
    try (NDManager manager = NDManager.newBaseManager();
        ChatGlm model =
            new ChatGlm(
                config(tokenizer.vocabularySize()),
                new Weights(new InitialWeights(2, Set.of()), manager.newSubManager()));
        AdamW optimiser =
            new AdamW(model.weights().tensors(), new AdamW.Settings(0.9, 0.99, 1e-8, 0.01));
        MovingAverage average = checkpoints.restore(model.weights().tensors(), optimiser, 0.995)) {
      Progress progress = new Progress("text encoder", steps);
      while (optimiser.steps() < steps) {
        long step = optimiser.steps();
        random.setSeed(step);
        try (NDManager scope = manager.newSubManager();
            Gradients recording = Gradients.enable()) {
          Batch batch = batch(scope, tokenizer, captions);
          List<NDArray> states = model.hiddenStates(batch.ids(), batch.mask(), batch.positions());
          NDArray logits = model.logits(states.get(states.size() - 1));
          NDArray rows = logits.reshape(BATCH * LENGTH, tokenizer.vocabularySize());
          NDArray loss = Operators.crossEntropy(rows, batch.targets());
          Gradients.backward(loss);
          optimiser.step(schedule.at(step), 1.0);
          average.update(optimiser.steps());
          progress.step(optimiser.steps(), loss.getFloat());
        }
        if (optimiser.steps() % 250 == 0 || optimiser.steps() == steps) {
          checkpoints.save(model.weights().tensors(), optimiser, average);
        }
      }
    }
  }

  private record Batch(NDArray ids, NDArray mask, NDArray positions, NDArray targets) {}

  private Batch batch(NDManager manager, ChatGlmTokenizer tokenizer, List<String> captions) {
    long[] ids = new long[BATCH * LENGTH];
    long[] mask = new long[BATCH * LENGTH];
    long[] positions = new long[BATCH * LENGTH];
    long[] targets = new long[BATCH * LENGTH];
    for (int row = 0; row < BATCH; row++) {
      String caption = captions.get(random.nextInt(captions.size()));
      TokenizedPrompt prompt = tokenizer.encode(caption, LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        int at = row * LENGTH + i;
        ids[at] = prompt.inputIds()[i];
        mask[at] = prompt.attentionMask()[i];
        positions[at] = prompt.positionIds()[i];
        boolean predicts = i + 1 < LENGTH && prompt.positionIds()[i] > 0 && mask[at] == 1;
        targets[at] = predicts ? prompt.inputIds()[i + 1] : IGNORED;
      }
    }
    Shape shape = new Shape(BATCH, LENGTH);
    return new Batch(
        manager.create(ids, shape),
        manager.create(mask, shape),
        manager.create(positions, shape),
        manager.create(targets));
  }
}
