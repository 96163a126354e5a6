package io.github.kolors4j.internal.concepts;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.model.Linear;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Eight convolutions that take a picture down to 6 × 6 places, and a linear layer for each
 * attribute.
 *
 * <p>The places are not averaged: an avatar's hair is always above and its clothes below. The first
 * convolution is not normalised, because a norm would hide the colours that are to be told apart.
 */
public final class ClassifierNetwork {
  private static final int[] CHANNELS = {16, 16, 32, 48, 48, 48, 48, 56};
  private static final int[] STRIDES = {2, 1, 2, 1, 1, 2, 1, 2};
  private static final int GROUPS = 8;
  private static final int SUMMARY = 18;
  private static final int PLACES = (Thumbnail.SIZE / 16) * (Thumbnail.SIZE / 16);

  private final Convolution[] convolutions = new Convolution[CHANNELS.length];
  private final Convolution summary;
  private final Map<String, Linear> heads = new LinkedHashMap<>();

  public ClassifierNetwork(AttributeLabels labels, Weights weights) {
    int in = 3;
    for (int i = 0; i < CHANNELS.length; i++) {
      int kernel = i == 0 ? 5 : 3;
      convolutions[i] =
          new Convolution(weights.at("conv." + i), in, CHANNELS[i], kernel, STRIDES[i], i > 0);
      in = CHANNELS[i];
    }
    summary = new Convolution(weights.at("summary"), in, SUMMARY, 1, 1, false);
    labels
        .values()
        .forEach(
            (attribute, values) ->
                heads.put(
                    attribute,
                    new Linear(weights.at("heads." + attribute), PLACES * SUMMARY, values.size())));
    weights.requireAllUsed("classifier");
  }

  /**
   * What the network makes of pictures.
   *
   * @param logits by attribute, those of its values: (batch, values)
   * @param features what the last convolution sees in the whole picture and what in the middle of
   *     it, where the face is, each as means over the places: (batch, 112)
   */
  public record Output(Map<String, NDArray> logits, NDArray features) {}

  /**
   * @param pictures (batch, 3, 96, 96) in [-1, 1]
   * @return owned by the pictures' manager
   */
  public Output forward(NDArray pictures) {
    try (Scope scope = new Scope(pictures)) {
      NDArray x = pictures;
      for (Convolution convolution : convolutions) {
        x = convolution.forward(x);
      }
      NDArray whole = across(x);
      NDArray face = across(x.get(":,:,1:4,1:5"));
      NDArray seen = scope.result(whole.concat(face, 1));
      NDArray places = summary.forward(x).reshape(pictures.getShape().get(0), PLACES * SUMMARY);
      Map<String, NDArray> logits = new LinkedHashMap<>();
      heads.forEach((name, head) -> logits.put(name, scope.result(head.forward(places))));
      return new Output(logits, seen);
    }
  }

  /** The means over the places. */
  private static NDArray across(NDArray places) {
    return places.mean(new int[] {3}).mean(new int[] {2});
  }

  /** A convolution, a group norm where wanted, SiLU, and a shortcut where the shape stays. */
  private static final class Convolution {
    private final NDArray kernel;
    private final NDArray bias;
    private final @Nullable NDArray scale;
    private final @Nullable NDArray offset;
    private final int stride;
    private final int padding;
    private final boolean residual;

    Convolution(Weights weights, int in, int out, int size, int stride, boolean normalised) {
      kernel = weights.get("weight", out, in, size, size);
      bias = weights.get("bias", out);
      scale = normalised ? weights.at("norm").get("weight", out) : null;
      offset = normalised ? weights.at("norm").get("bias", out) : null;
      this.stride = stride;
      this.padding = size / 2;
      residual = in == out && stride == 1;
    }

    NDArray forward(NDArray x) {
      NDArray y = TensorOperators.conv2d(x, kernel, bias, stride, padding);
      if (scale == null || offset == null) {
        return TensorOperators.silu(y);
      }
      NDArray activated = TensorOperators.groupNormSilu(y, GROUPS, scale, offset, 1e-5);
      return residual ? x.add(activated) : activated;
    }
  }
}
