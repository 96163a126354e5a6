package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.internal.concepts.AttributeLabels;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.concepts.StyleAttributes;
import io.github.kolors4j.internal.concepts.Thumbnail;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.weights.InitialWeights;
import io.github.kolors4j.internal.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Trains an {@link AttributeClassifier}: cross-entropy summed over the attributes, where a picture
 * that lacks one does not count for it.
 */
final class ClassifierTraining {
  private static final List<String> JUDGED =
      List.of(
          "style",
          "hairColor",
          "background",
          "scene",
          "prop",
          "clothing",
          "clothingColor",
          "eyes",
          "mouth",
          "glasses");

  private static final int BATCH = 32;
  private static final double RATE = 3e-3;

  private final long steps;
  private final long seed;
  private final Listener listener;

  /** Hears of each step. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param step from 1
     * @param loss of this step's pictures: cross-entropies of all attributes together
     */
    void step(long step, double loss);
  }

  /**
   * @param steps of 32 pictures each
   * @param seed of the first weights, the order of the pictures and their changes
   */
  public ClassifierTraining(long steps, long seed, Listener listener) {
    this.steps = steps;
    this.seed = seed;
    this.listener = listener;
  }

  /**
   * Trains on pictures, each of which is drawn or read once and kept as a thumbnail (27 kB).
   *
   * @throws IllegalArgumentException if there are none, or they do not differ in any attribute
   */
  public AttributeClassifier train(List<Sample> samples) {
    List<Map<String, String>> all = samples.stream().map(Sample::attributes).toList();
    AttributeLabels labels = AttributeLabels.in(all, JUDGED);
    List<Sample> described =
        samples.stream().filter(sample -> labels.knowSomethingOf(sample.attributes())).toList();
    List<Map<String, String>> descriptions = described.stream().map(Sample::attributes).toList();
    List<Thumbnail> thumbnails =
        described.parallelStream().map(sample -> Thumbnail.of(sample.picture().get())).toList();
    NDManager manager = PyTorch.manager();
    Weights weights = new Weights(new InitialWeights(seed, Set.of()), manager.newSubManager());
    AttributeClassifier classifier =
        new AttributeClassifier(manager, labels, StyleAttributes.in(all), new HitTable(), weights);
    LearningRate schedule = LearningRate.cosine(RATE, steps).warmUp(50);
    Random random = new Random(seed);
    Shuffle shuffle = new Shuffle(described.size(), random);
    Augmentation augmentation = new Augmentation(random);
    try (AdamW optimizer = new AdamW(weights.tensors(), AdamW.Settings.TORCH)) {
      for (long step = 0; step < steps; step++) {
        List<float[]> pictures = new ArrayList<>();
        List<Map<String, String>> wanted = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          int chosen = shuffle.next();
          pictures.add(augmentation.apply(thumbnails.get(chosen).values()));
          wanted.add(descriptions.get(chosen));
        }
        try (NDManager scope = manager.newSubManager();
            Gradients recording = Gradients.enable()) {
          NDArray batch = Thumbnail.batch(scope, pictures);
          NDArray loss = labels.crossEntropy(classifier.network().forward(batch).logits(), wanted);
          Gradients.backward(loss);
          optimizer.step(schedule.at(step), 1.0);
          listener.step(step + 1, loss.getFloat());
        }
      }
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
    weights.tensors().values().forEach(tensor -> tensor.setRequiresGradient(false));
    return classifier;
  }

  /** Goes through all pictures in random order, then again in another. */
  private static final class Shuffle {
    private final int[] order;
    private final Random random;
    private int position;

    Shuffle(int size, Random random) {
      this.random = random;
      order = new int[size];
      for (int i = 0; i < size; i++) {
        order[i] = i;
      }
      position = size;
    }

    int next() {
      if (position == order.length) {
        for (int i = order.length - 1; i > 0; i--) {
          int other = random.nextInt(i + 1);
          int swapped = order[i];
          order[i] = order[other];
          order[other] = swapped;
        }
        position = 0;
      }
      return order[position++];
    }
  }
}
