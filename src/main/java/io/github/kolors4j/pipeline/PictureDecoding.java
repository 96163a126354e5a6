package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From latents to pictures: whole or in tiles, and in float32 where half precision overflows. */
final class PictureDecoding {
  private static final Logger LOG = LoggerFactory.getLogger(PictureDecoding.class);

  private final Autoencoder vae;
  private final Precision precision;
  private final String tiles;
  private final NDManager manager;

  /**
   * @param precision what the VAE computes with
   * @param tiles {@code auto}, {@code on} or {@code off}
   * @param manager the owner of pictures
   */
  PictureDecoding(Autoencoder vae, Precision precision, String tiles, NDManager manager) {
    this.vae = vae;
    this.precision = precision;
    this.tiles = tiles;
    this.manager = manager;
  }

  /**
   * @param latents (batch, channels, height/8, width/8), scaled as the UNet has them
   * @return float32 (batch, 3, height, width), about [-1, 1]
   */
  NDArray decode(NDArray latents) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray scaled = latents.div(vae.config().scalingFactor());
      scaled.attach(scope);
      NDArray decoded = decode(scaled, precision);
      if (precision != Precision.FLOAT32 && !TensorOperators.allFinite(decoded)) {
        LOG.warn(
            "Numbers became too large for {} in the VAE, which decodes again in fp32. With the VAE SDXL-vae-fp16-fix this does not happen.",
            precision.label());
        decoded = decode(scaled, Precision.FLOAT32);
      }
      decoded.attach(manager);
      return decoded;
    }
  }

  /**
   * As the course's program does: in float32, and then rounded to float16 if that is what the
   * pipeline computes with.
   *
   * @param latents (1, channels, height/8, width/8)
   * @return (1, 3, height, width), about [-1, 1]
   */
  NDArray decodeAsInTheCourse(NDArray latents) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray scaled = latents.div(vae.config().scalingFactor());
      scaled.attach(scope);
      NDArray decoded = decode(scaled, Precision.FLOAT32);
      NDArray rounded = precision == Precision.FLOAT16 ? precision.convert(decoded) : decoded;
      rounded.attach(manager);
      return rounded;
    }
  }

  private NDArray decode(NDArray scaled, Precision computed) {
    NDArray converted = computed.convert(scaled);
    int tile = MemoryPlanner.TILE / vae.config().downscale();
    NDArray decoded =
        inTiles(scaled.getShape(), tile, computed)
            ? vae.decodeInTiles(converted, tile)
            : vae.decode(converted);
    return TensorOperators.float32(decoded);
  }

  private boolean inTiles(Shape latents, int tile, Precision computed) {
    boolean larger = latents.get(2) > tile || latents.get(3) > tile;
    if (!larger || !tiles.equals(PipelineOptions.AUTO)) {
      return larger && tiles.equals("on");
    }
    long scale = vae.config().downscale();
    long pixels = latents.get(0) * latents.get(2) * latents.get(3) * scale * scale;
    long needed = computed.bytes() * MemoryPlanner.vaeActivations(vae.config(), pixels);
    boolean scarce = needed > MachineMemory.free(manager.getDevice());
    if (scarce) {
      LOG.warn(
          "The picture is decoded in tiles, since the whole would take {}, more than is free.",
          MemoryPlan.gibibytes(needed));
    }
    return scarce;
  }
}
