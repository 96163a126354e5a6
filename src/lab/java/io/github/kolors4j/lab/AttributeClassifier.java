package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.Weights;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says what an avatar shows: its style, the colours of hair, background and clothes, the kind of
 * clothes, eyes and glasses.
 *
 * <pre>{@code
 * try (var classifier = AttributeClassifier.load(Path.of("classifier.safetensors"))) {
 *   classifier.judge(List.of(picture)).get(0).values().get("hairColor")   // "blue"
 * }
 * }</pre>
 */
final class AttributeClassifier implements AutoCloseable {
  private static final String LABELS = "labels";
  private static final String STYLES = "styles";
  private static final String ACCURACY = "accuracy";
  private static final int BATCH = 32;

  private final NDManager manager;
  private final AttributeLabels labels;
  private final StyleAttributes styles;
  private final HitTable accuracy;
  private final Weights weights;
  private final ClassifierNetwork network;

  /**
   * @param manager closed with this classifier
   * @param labels what it tells apart
   * @param styles what each style of its renderings can draw
   * @param accuracy how often it is right about renderings that it has not learned from
   * @param weights owned by the manager
   */
  AttributeClassifier(
      NDManager manager,
      AttributeLabels labels,
      StyleAttributes styles,
      HitTable accuracy,
      Weights weights) {
    this.manager = manager;
    this.labels = labels;
    this.styles = styles;
    this.accuracy = accuracy;
    this.weights = weights;
    network = new ClassifierNetwork(labels, weights);
  }

  /**
   * Reads a file that {@link #save} has written.
   *
   * @throws WeightsException if it is no such file
   */
  public static AttributeClassifier load(Path file) {
    NDManager manager = NDManager.newBaseManager();
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      AttributeLabels labels = AttributeLabels.fromJson(metadata(saved, LABELS, file));
      StyleAttributes styles = StyleAttributes.fromJson(metadata(saved, STYLES, file));
      HitTable accuracy = HitTable.fromJson(metadata(saved, ACCURACY, file));
      FileWeights source = new FileWeights(saved, file.toString(), DataType.FLOAT32);
      Weights weights = new Weights(source, manager.newSubManager());
      return new AttributeClassifier(manager, labels, styles, accuracy, weights);
    } catch (IllegalArgumentException e) {
      manager.close();
      throw new WeightsException(file + " holds no classifier of attributes: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static String metadata(SafetensorsFile saved, String name, Path file) {
    String json = saved.metadata().get(name);
    if (json == null) {
      throw new WeightsException(
          "%s holds no classifier of attributes, or an old one: its metadata has no \"%s\". Train one by environment/mini train-classifier."
              .formatted(file, name));
    }
    return json;
  }

  /**
   * Writes weights, as float16, labels and what is known of its accuracy to one safetensors file.
   *
   * @param accuracy on renderings that it has not learned from
   */
  public void save(Path file, HitTable accuracy) {
    Map<String, String> metadata =
        Map.of(
            "format",
            "pt",
            LABELS,
            labels.toJson(),
            STYLES,
            styles.toJson(),
            ACCURACY,
            accuracy.toJson());
    SafetensorsWriter.write(file, weights.tensors(), metadata, DataType.FLOAT16);
  }

  /** What each style can draw: what can be judged in a picture of that style. */
  StyleAttributes styles() {
    return styles;
  }

  /** How often it was right about renderings that it had not learned from; empty before that. */
  HitTable accuracy() {
    return accuracy;
  }

  /** The attributes that it judges, each with its possible values. */
  public Map<String, List<String>> attributes() {
    return labels.values();
  }

  /**
   * What the classifier sees in a picture.
   *
   * @param values attribute → most likely value, in the order of {@link #attributes}
   * @param confidence attribute → how likely it finds that value, from 0 to 1
   * @param features how the picture looks to it: 112 numbers
   */
  record Judgement(Map<String, String> values, Map<String, Float> confidence, float[] features) {}

  /** Judges pictures of any size. */
  public List<Judgement> judge(List<BufferedImage> pictures) {
    List<Judgement> judgements = new ArrayList<>();
    for (int start = 0; start < pictures.size(); start += BATCH) {
      List<BufferedImage> batch = pictures.subList(start, Math.min(pictures.size(), start + BATCH));
      judgements.addAll(judgeThumbnails(batch.stream().map(Thumbnail::of).toList()));
    }
    return judgements;
  }

  private List<Judgement> judgeThumbnails(List<Thumbnail> thumbnails) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      List<float[]> values = thumbnails.stream().map(Thumbnail::values).toList();
      ClassifierNetwork.Output output = network.forward(tensor(scope, values));
      float[] features = output.features().toFloatArray();
      int length = features.length / thumbnails.size();
      List<Judgement> judgements = new ArrayList<>();
      for (int i = 0; i < thumbnails.size(); i++) {
        float[] own = Arrays.copyOfRange(features, i * length, (i + 1) * length);
        judgements.add(new Judgement(new LinkedHashMap<>(), new LinkedHashMap<>(), own));
      }
      output
          .logits()
          .forEach(
              (attribute, scores) -> {
                long[] best = scores.argMax(1).toLongArray();
                float[] likely = scores.softmax(1).max(new int[] {1}).toFloatArray();
                for (int i = 0; i < best.length; i++) {
                  String value = labels.of(attribute).get((int) best[i]);
                  judgements.get(i).values().put(attribute, value);
                  judgements.get(i).confidence().put(attribute, likely[i]);
                }
              });
      return judgements;
    }
  }

  /** Pictures' planes as one array (batch, 3, 96, 96). */
  static NDArray tensor(NDManager manager, List<float[]> pictures) {
    int size = 3 * Thumbnail.SIZE * Thumbnail.SIZE;
    float[] values = new float[pictures.size() * size];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i), 0, values, i * size, size);
    }
    return manager.create(values, new Shape(pictures.size(), 3, Thumbnail.SIZE, Thumbnail.SIZE));
  }

  NDManager manager() {
    return manager;
  }

  AttributeLabels labels() {
    return labels;
  }

  ClassifierNetwork network() {
    return network;
  }

  Weights weights() {
    return weights;
  }

  /** Frees the weights. */
  @Override
  public void close() {
    manager.close();
  }
}
