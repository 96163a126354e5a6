package io.github.kolors4j.internal.pipeline;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.ReadFailure;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configurations of a model's networks. */
public record ModelConfig(ChatGlmConfig textEncoder, UNetConfig unet, AutoencoderConfig vae) {

  /**
   * Reads them.
   *
   * @throws WeightsException if one is missing, or asks for a network that is not built here
   */
  public static ModelConfig read(ModelFolder folder) {
    return new ModelConfig(
        ChatGlmConfig.read(folder.textEncoder()),
        UNetConfig.read(folder.unetConfigFolder()),
        vae(folder));
  }

  /**
   * A single file of a VAE in a model without one of its own, as ComfyUI keeps them apart, comes
   * without a configuration: it is SDXL's then.
   */
  private static AutoencoderConfig vae(ModelFolder folder) {
    Path file = folder.vae();
    boolean stated =
        Files.isDirectory(folder.root().resolve("vae"))
            || Files.exists(file.toAbsolutePath().resolveSibling("config.json"));
    return stated || Files.isDirectory(file)
        ? AutoencoderConfig.read(folder.vaeConfigFolder())
        : AutoencoderConfig.sdxl();
  }

  /**
   * Reads the configuration of a model's sampler.
   *
   * @throws WeightsException if it is missing, or has a value that is unknown or not supported
   */
  public static SchedulerConfig scheduler(ModelFolder folder) {
    Path file = folder.scheduler().resolve("scheduler_config.json");
    try {
      return SchedulerConfig.read(file);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    } catch (IllegalArgumentException e) { // which names the file
      throw new WeightsException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Height and width in pixels of the pictures that the model was trained for. */
  public int pictureSize() {
    return unet.sampleSize() * vae.downscale();
  }

  /**
   * Tells parts of different models from each other before they are loaded. Each may be whole in
   * itself; where one's numbers go into another, they would not fit.
   *
   * @throws WeightsException naming the two parts that do not fit
   */
  public void requireFit(ModelFolder folder, ChatGlmTokenizer tokenizer) {
    require(
        tokenizer.vocabularySize() <= textEncoder.vocabularySize(),
        folder.tokenizer(),
        "has " + tokenizer.vocabularySize() + " tokens",
        folder.textEncoder(),
        "knows " + textEncoder.vocabularySize());
    require(
        textEncoder.hiddenSize() == unet.encoderHidDim(),
        folder.textEncoder(),
        "gives " + textEncoder.hiddenSize() + " numbers for each token",
        folder.unetConfigFolder(),
        "takes " + unet.encoderHidDim());
    require(
        unet.inChannels() == vae.latentChannels(),
        folder.unetConfigFolder(),
        "works on " + unet.inChannels() + " channels",
        folder.vae(),
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
