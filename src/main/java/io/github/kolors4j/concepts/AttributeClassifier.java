package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.concepts.AttributeLabels;
import io.github.kolors4j.internal.concepts.ClassifierNetwork;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.concepts.StyleAttributes;
import io.github.kolors4j.internal.concepts.Thumbnail;
import io.github.kolors4j.internal.files.ShippedData;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.Weights;
import io.github.kolors4j.pipeline.ModelFolder;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;

/**
 * Says what an avatar shows, and how surely: its drawing style, the colours of hair, background and
 * clothes, the kind of clothes, eyes, mouth and glasses. A small convolutional network, trained on
 * renderings whose attributes are known ({@code environment/mini train-classifier}).
 *
 * <pre>{@code
 * try (var classifier = AttributeClassifier.embedded()) {
 *   var seen = classifier.judge(picture);
 *   seen.style();                            // "lorelei"
 *   seen.probability("hairColor", "blue");   // 0.98
 * }
 * }</pre>
 */
public final class AttributeClassifier implements AutoCloseable {
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
  public AttributeClassifier(
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
   * The classifier that ships beside kolors-mini ({@code data/models/attribute-classifier}), found
   * as {@link ModelFolder#embedded} is; it tells the fourteen styles of {@code data/generator} with
   * hair apart.
   *
   * @throws WeightsException if it is nowhere, or cannot be unpacked; the message says what to do
   */
  public static AttributeClassifier embedded() {
    Path folder = ShippedData.ATTRIBUTE_CLASSIFIER.folder(WeightsException::new);
    return load(folder.resolve("attribute-classifier.safetensors"));
  }

  /**
   * Reads a file that {@link #save} has written.
   *
   * @throws WeightsException if it is no such file
   */
  public static AttributeClassifier load(Path file) {
    NDManager manager = PyTorch.manager();
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
  public StyleAttributes styles() {
    return styles;
  }

  /** How often it was right about renderings that it had not learned from; empty before that. */
  public HitTable accuracy() {
    return accuracy;
  }

  /** The attributes that it judges, each with its possible values. */
  public Map<String, List<String>> attributes() {
    return labels.values();
  }

  /**
   * What the classifier sees in a picture.
   *
   * @param probabilities attribute → value → how likely it finds that, from 0 to 1; the values of
   *     an attribute add up to 1, and attributes are in the order of {@link #attributes}
   * @param features how the picture looks to it: 112 numbers
   */
  public record Judgement(Map<String, Map<String, Float>> probabilities, float[] features) {

    /** The style that it takes the picture for. */
    public String style() {
      return Objects.requireNonNullElse(values().get("style"), HitTable.ANY_STYLE);
    }

    /** The most likely value of each attribute. */
    public Map<String, String> values() {
      Map<String, String> values = new LinkedHashMap<>();
      probabilities.forEach(
          (attribute, all) ->
              values.put(
                  attribute, Collections.max(all.entrySet(), Entry.comparingByValue()).getKey()));
      return values;
    }

    /** How likely it finds a value of an attribute: 0 for what it does not know. */
    public double probability(String attribute, String value) {
      return probabilities.getOrDefault(attribute, Map.of()).getOrDefault(value, 0f);
    }
  }

  /** Judges a picture of any size. */
  public Judgement judge(BufferedImage picture) {
    return judge(List.of(picture)).get(0);
  }

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
      List<float[]> planes = thumbnails.stream().map(Thumbnail::values).toList();
      ClassifierNetwork.Output output = network.forward(Thumbnail.batch(scope, planes));
      float[] features = output.features().toFloatArray();
      int length = features.length / thumbnails.size();
      List<Judgement> judgements = new ArrayList<>();
      for (int i = 0; i < thumbnails.size(); i++) {
        float[] own = Arrays.copyOfRange(features, i * length, (i + 1) * length);
        judgements.add(new Judgement(new LinkedHashMap<>(), own));
      }
      output
          .logits()
          .forEach(
              (attribute, scores) -> {
                List<String> values = labels.of(attribute);
                float[] likely = scores.softmax(1).toFloatArray();
                for (int i = 0; i < judgements.size(); i++) {
                  Map<String, Float> row = new LinkedHashMap<>();
                  for (int j = 0; j < values.size(); j++) {
                    row.put(values.get(j), likely[i * values.size() + j]);
                  }
                  judgements.get(i).probabilities().put(attribute, row);
                }
              });
      return judgements;
    }
  }

  /** The owner of its weights. */
  public NDManager manager() {
    return manager;
  }

  /** What it tells apart, in the order of its outputs. */
  public AttributeLabels labels() {
    return labels;
  }

  /** The network, to train it. */
  public ClassifierNetwork network() {
    return network;
  }

  /** The network's weights, live. */
  public Weights weights() {
    return weights;
  }

  /** Frees the weights. */
  @Override
  public void close() {
    manager.close();
  }
}
