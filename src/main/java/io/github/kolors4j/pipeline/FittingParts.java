package io.github.kolors4j.pipeline;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.UNetConfig;
import java.nio.file.Path;

/**
 * Tells parts of different models from each other before they are loaded. Each may be whole in
 * itself; where one's numbers go into another, they would not fit.
 */
final class FittingParts {
  private FittingParts() {}

  /**
   * Compares the configurations of a model's parts.
   *
   * @throws WeightsException naming the two parts that do not fit
   */
  static void require(ModelFolder folder, ChatGlmTokenizer tokenizer) {
    ChatGlmConfig encoder = ChatGlmConfig.read(folder.textEncoder());
    UNetConfig unet = UNetConfig.read(folder.unetConfig());
    AutoencoderConfig vae = AutoencoderConfig.read(folder.vaeConfig());
    require(
        tokenizer.vocabularySize() <= encoder.vocabularySize(),
        folder.tokenizer(),
        "has " + tokenizer.vocabularySize() + " tokens",
        folder.textEncoder(),
        "knows " + encoder.vocabularySize());
    require(
        encoder.hiddenSize() == unet.encoderHidDim(),
        folder.textEncoder(),
        "gives " + encoder.hiddenSize() + " numbers for each token",
        folder.unetConfig(),
        "takes " + unet.encoderHidDim());
    require(
        unet.inChannels() == vae.latentChannels(),
        folder.unetConfig(),
        "works on " + unet.inChannels() + " channels",
        folder.vaeConfig(),
        "has " + vae.latentChannels());
  }

  private static void require(
      boolean fit, Path first, String firstHas, Path second, String secondHas) {
    if (!fit) {
      throw new WeightsException(
          "%s %s, but %s %s: they belong to different models. Download both from the same place."
              .formatted(first, firstHas, second, secondHas));
    }
  }
}
