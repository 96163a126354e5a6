package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.awt.image.BufferedImage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From latents to pictures: whole or in tiles, and in float32 where half precision overflows. */
final class PictureDecoding {
  private static final Logger LOG = LoggerFactory.getLogger(PictureDecoding.class);

  /** Height and width of the tiles that large pictures are decoded in, in pixels. */
  static final int TILE = 512;

  private final Supplier<Autoencoder> vae;
  private final AutoencoderConfig config;
  private final Precision precision;
  private final String tiles;
  private final NDManager manager;

  /**
   * @param precision what the VAE computes with
   * @param tiles {@code auto}, {@code on} or {@code off}
   * @param manager the owner of pictures
   */
  PictureDecoding(
      Supplier<Autoencoder> vae,
      AutoencoderConfig config,
      Precision precision,
      String tiles,
      NDManager manager) {
    this.vae = vae;
    this.config = config;
    this.precision = precision;
    this.tiles = tiles;
    this.manager = manager;
  }

  /**
   * @param latents (batch, channels, height / downscale, width / downscale), scaled as the UNet has
   *     them
   * @return float32 (batch, 3, height, width), about [-1, 1]
   */
  NDArray decode(NDArray latents) {
    return unscaled(latents, this::decodeInPrecision);
  }

  /** The same for latents as the VAE has them, which are freed. */
  NDArray decodeUnscaled(NDArray latents) {
    return freed(latents, this::decodeInPrecision);
  }

  private NDArray decodeInPrecision(NDArray scaled) {
    return precision.orFloat32(
        p -> decode(scaled, p),
        decoded -> decoded,
        "in the VAE, which decodes again in fp32. With the VAE SDXL-vae-fp16-fix this does not happen.");
  }

  /**
   * The pixels of one picture (1, channels, height / downscale, width / downscale), as the prompt
   * wants them. The course's program decodes in float32, rounds to float16 if that is what the
   * pipeline computes with, and cuts colours off.
   */
  BufferedImage toPicture(NDArray latents, Prompt prompt) {
    if (!prompt.inTheCoursesWay()) {
      try (NDArray decoded = decode(latents)) {
        return PictureTensor.toPicture(decoded);
      }
    }
    try (NDArray decoded = unscaled(latents, scaled -> decode(scaled, Precision.FLOAT32));
        NDArray rounded =
            (precision == Precision.FLOAT16 ? precision : Precision.FLOAT32).convert(decoded)) {
      return PictureTensor.toPictureCutOff(rounded);
    }
  }

  private NDArray unscaled(NDArray latents, UnaryOperator<NDArray> decoder) {
    return freed(latents.div(config.scalingFactor()), decoder);
  }

  private NDArray freed(NDArray scaled, UnaryOperator<NDArray> decoder) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      scaled.attach(scope);
      NDArray decoded = decoder.apply(scaled);
      decoded.attach(manager);
      return decoded;
    }
  }

  private NDArray decode(NDArray scaled, Precision computed) {
    NDArray converted = computed.convert(scaled);
    int tile = TILE / config.downscale();
    Autoencoder network = vae.get();
    NDArray decoded =
        inTiles(scaled.getShape(), tile, computed)
            ? network.decodeInTiles(converted, tile)
            : network.decode(converted);
    return TensorOperators.float32(decoded);
  }

  private boolean inTiles(Shape latents, int tile, Precision computed) {
    boolean larger = latents.get(2) > tile || latents.get(3) > tile;
    if (!larger || !tiles.equals(PipelineOptions.AUTO)) {
      return larger && tiles.equals("on");
    }
    long scale = config.downscale();
    long pixels = latents.get(0) * latents.get(2) * latents.get(3) * scale * scale;
    long needed = computed.bytes() * config.activations(pixels);
    boolean scarce = needed > MachineMemory.free(manager.getDevice());
    if (scarce) {
      LOG.warn(
          "The picture is decoded in tiles, since the whole would take {}, more than is free.",
          MachineMemory.gibibytes(needed));
    }
    return scarce;
  }
}
