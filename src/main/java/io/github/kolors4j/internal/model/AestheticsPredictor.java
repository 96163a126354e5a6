package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells how much people would like a picture, from about 1 to 10: CLIP's embedding, brought to
 * length 1, and a head of linear layers that was trained on people's ratings (LAION; the package
 * simple-aesthetics-predictor). Its three kinds of models are told apart by their weights' names.
 *
 * <pre>{@code
 * try (AestheticsPredictor predictor = AestheticsPredictor.load(folder)) {
 *   double score = predictor.score(PictureFile.read(file));
 * }
 * }</pre>
 *
 * <p>Several threads may score at once.
 */
public final class AestheticsPredictor implements AutoCloseable {
  private static final int[] HEAD_SIZES = {1024, 128, 64, 16, 1};

  /** Places of the linear layers in the original's list, where dropout stands between them. */
  private static final int[] PLACES = {0, 2, 4, 6, 7};

  /** The same in a list with rectifiers. */
  private static final int[] PLACES_BETWEEN_RECTIFIERS = {0, 3, 6, 9, 11};

  private final Weights weights;
  private final NDManager manager;
  private final ClipPreprocessing preprocessing;
  private final ClipVision vision;
  private final List<Linear> head = new ArrayList<>();
  private final boolean rectified;

  /**
   * @param source the weights under their published names
   * @param manager owns what is computed; closed with this predictor
   */
  AestheticsPredictor(
      ClipVisionConfig config,
      ClipPreprocessing preprocessing,
      WeightSource source,
      NDManager manager) {
    this.manager = manager;
    this.preprocessing = preprocessing;
    weights = new Weights(source, manager.newSubManager());
    vision = new ClipVision(config, weights);
    rectified = weights.has("layers.3.weight");
    if (weights.has("predictor.weight")) {
      head.add(new Linear(weights.at("predictor"), config.projectionDim(), 1));
    } else {
      int[] places = rectified ? PLACES_BETWEEN_RECTIFIERS : PLACES;
      int in = config.projectionDim();
      for (int i = 0; i < places.length; i++) {
        head.add(new Linear(weights.at("layers." + places[i]), in, HEAD_SIZES[i]));
        in = HEAD_SIZES[i];
      }
    }
    weights.requireAllUsed("aesthetics predictor");
  }

  /**
   * Loads a published folder: {@code config.json}, {@code preprocessor_config.json} and the
   * weights.
   *
   * @throws io.github.kolors4j.WeightsException if a file is missing or damaged, or weights are
   *     missing or left over
   */
  public static AestheticsPredictor load(Path folder) {
    ClipVisionConfig config = ClipVisionConfig.read(folder);
    ClipPreprocessing preprocessing = ClipPreprocessing.read(folder);
    if (preprocessing.cropSize() != config.imageSize()) {
      throw new WeightsException(
          "%s: preprocessor_config.json cuts pictures to %d, but config.json takes %d pixels a side. They belong to different models; download both from the same place."
              .formatted(folder, preprocessing.cropSize(), config.imageSize()));
    }
    NDManager manager = PyTorch.manager();
    boolean loaded = false;
    try (TensorFile file = WeightFolder.open(folder)) {
      FileWeights source = new FileWeights(file, folder.toString(), DataType.FLOAT32);
      AestheticsPredictor predictor =
          new AestheticsPredictor(config, preprocessing, source, manager);
      loaded = true;
      return predictor;
    } finally {
      if (!loaded) {
        manager.close();
      }
    }
  }

  /** A picture's score, as the original's {@code logits}. */
  public float score(BufferedImage picture) {
    try (NDManager own = manager.newSubManager()) {
      return score(preprocessing.apply(picture, own)).toFloatArray()[0];
    }
  }

  /** Scores (batch, 1) of prepared pictures (batch, 3, size, size). */
  NDArray score(NDArray pictures) {
    try (Scope scope = new Scope(pictures)) {
      NDArray embedding = vision.encode(pictures);
      NDArray x = embedding.div(embedding.norm(new int[] {1}, true));
      for (int i = 0; i < head.size(); i++) {
        x = head.get(i).forward(x);
        if (rectified && i < head.size() - 1) {
          x = Activation.relu(x);
        }
      }
      return scope.result(x);
    }
  }

  Weights weights() {
    return weights;
  }

  @Override
  public void close() {
    manager.close();
  }
}
