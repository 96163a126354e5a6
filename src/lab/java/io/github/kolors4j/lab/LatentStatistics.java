package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Mean and spread of each latent channel over many pictures.
 *
 * <p>Diffusion learns best on channels of mean 0 and spread 1. Instead of carrying the numbers
 * along, {@link #foldInto} moves them into the autoencoder's two outermost 1×1 convolutions, so
 * that it gives and takes such latents itself and draws the same pictures.
 *
 * @param mean of each channel
 * @param deviation of each channel
 */
record LatentStatistics(double[] mean, double[] deviation) {

  /**
   * @param latents pictures after one another, each channel after channel
   * @param channels of a picture
   * @param length of a picture's latents
   */
  static LatentStatistics of(float[] latents, int channels, int length) {
    double[] sum = new double[channels];
    double[] squares = new double[channels];
    int area = length / channels;
    for (int i = 0; i < latents.length; i++) {
      int channel = i % length / area;
      sum[channel] += latents[i];
      squares[channel] += (double) latents[i] * latents[i];
    }
    double count = (double) latents.length / channels;
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = sum[c] / count;
      deviation[c] = Math.sqrt(squares[c] / count - mean[c] * mean[c]);
    }
    return new LatentStatistics(mean, deviation);
  }

  static LatentStatistics read(Map<String, String> metadata) {
    return new LatentStatistics(numbers(metadata, "mean"), numbers(metadata, "deviation"));
  }

  Map<String, String> metadata() {
    return Map.of("mean", text(mean), "deviation", text(deviation));
  }

  /** One picture's latents with mean 0 and spread 1. */
  float[] normalise(float[] latents) {
    float[] normal = new float[latents.length];
    int area = latents.length / mean.length;
    for (int i = 0; i < latents.length; i++) {
      int channel = i / area;
      normal[i] = (float) ((latents[i] - mean[channel]) / deviation[channel]);
    }
    return normal;
  }

  /** An autoencoder's weights changed so that its latents have mean 0 and spread 1. */
  Map<String, NDArray> foldInto(Map<String, NDArray> weights, NDManager manager) {
    Map<String, NDArray> folded = new LinkedHashMap<>(weights);
    int channels = mean.length;
    float[] out = values(weights, "quant_conv.weight");
    float[] outBias = values(weights, "quant_conv.bias");
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < 2 * channels; i++) {
        out[c * 2 * channels + i] /= (float) deviation[c];
      }
      outBias[c] = (float) ((outBias[c] - mean[c]) / deviation[c]);
      outBias[channels + c] -= (float) (2 * Math.log(deviation[c])); // the log variances
    }
    float[] in = values(weights, "post_quant_conv.weight");
    float[] inBias = values(weights, "post_quant_conv.bias");
    for (int o = 0; o < channels; o++) {
      for (int c = 0; c < channels; c++) {
        inBias[o] += (float) (in[o * channels + c] * mean[c]);
        in[o * channels + c] *= (float) deviation[c];
      }
    }
    folded.put("quant_conv.weight", kernel(manager, out, 2 * channels));
    folded.put("quant_conv.bias", manager.create(outBias));
    folded.put("post_quant_conv.weight", kernel(manager, in, channels));
    folded.put("post_quant_conv.bias", manager.create(inBias));
    return folded;
  }

  private static float[] values(Map<String, NDArray> weights, String name) {
    return Objects.requireNonNull(weights.get(name), name).toFloatArray();
  }

  private static NDArray kernel(NDManager manager, float[] values, int channels) {
    return manager.create(values, new Shape(channels, channels, 1, 1));
  }

  private static String text(double[] values) {
    return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }

  private static double[] numbers(Map<String, String> metadata, String name) {
    String text = Objects.requireNonNull(metadata.get(name), name);
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
