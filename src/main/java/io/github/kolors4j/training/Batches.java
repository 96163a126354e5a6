package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.tensor.TorchRandom;
import java.util.ArrayList;
import java.util.List;

/** Puts pictures, captions, timesteps and noise together to what one forward pass takes. */
final class Batches {
  private final EncodedPictures encoded;
  private final LoraOptions options;
  private final int timesteps;

  /**
   * @param timesteps of the noise schedule, 1100 in Kolors
   */
  Batches(EncodedPictures encoded, LoraOptions options, int timesteps) {
    this.encoded = encoded;
    this.options = options;
    this.timesteps = timesteps;
  }

  /**
   * A random batch of pictures. Draws, in this order, for each picture its number, crop and mirror
   * image, and whether its caption is dropped; then the noise; then the timesteps.
   */
  DenoisingLoss.Batch draw(
      List<EncodedPictures.Picture> pictures, TorchRandom random, NDManager scope) {
    NDList latents = new NDList();
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < options.batchSize; i++) {
      EncodedPictures.Picture picture = pictures.get(number(random, pictures.size()));
      latents.add(picture.variants().get(number(random, picture.variants().size())));
      boolean dropped = options.captionDropout > 0 && random.rand(1)[0] < options.captionDropout;
      captions.add(dropped ? "" : picture.caption());
    }
    Shape shape = latents.head().getShape();
    Shape batch = new Shape(options.batchSize, shape.get(1), shape.get(2), shape.get(3));
    NDArray noise = random.randn(scope, batch);
    long[] drawn = random.randint(0, timesteps, options.batchSize);
    int[] steps = new int[drawn.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = timesteps - 1 - (int) drawn[i]; // the original draws from a falling list
    }
    return batch(latents, noise, steps, captions, scope);
  }

  /**
   * Held-back pictures in batches that are the same each time: every picture at several timesteps,
   * which together are evenly spread.
   */
  List<DenoisingLoss.Batch> fixed(
      List<EncodedPictures.Picture> pictures, int timestepsEach, long seed, NDManager scope) {
    TorchRandom random = new TorchRandom(seed);
    int count = pictures.size() * timestepsEach;
    List<DenoisingLoss.Batch> batches = new ArrayList<>();
    for (int start = 0; start < count; start += options.batchSize) {
      int size = Math.min(options.batchSize, count - start);
      NDList latents = new NDList();
      List<String> captions = new ArrayList<>();
      int[] steps = new int[size];
      for (int i = 0; i < size; i++) {
        EncodedPictures.Picture picture = pictures.get((start + i) % pictures.size());
        latents.add(picture.variants().get(0));
        captions.add(picture.caption());
        steps[i] = (int) ((start + i + 0.5) * timesteps / count);
      }
      Shape shape = latents.head().getShape();
      NDArray noise =
          random.randn(scope, new Shape(size, shape.get(1), shape.get(2), shape.get(3)));
      batches.add(batch(latents, noise, steps, captions, scope));
    }
    return batches;
  }

  private DenoisingLoss.Batch batch(
      NDList latents, NDArray noise, int[] steps, List<String> captions, NDManager scope) {
    NDList tokens = new NDList();
    NDList pooled = new NDList();
    for (String caption : captions) {
      ChatGlm.Encoding encoding = encoded.captions().get(caption);
      tokens.add(encoding.tokens());
      pooled.add(encoding.pooled());
    }
    float[] sizes = new float[captions.size() * 6];
    for (int i = 0; i < sizes.length; i += 6) {
      // Original size, upper left corner and target size, as the original sets them for all.
      sizes[i] = options.height;
      sizes[i + 1] = options.width;
      sizes[i + 4] = options.height;
      sizes[i + 5] = options.width;
    }
    UNet.Conditioning conditioning =
        new UNet.Conditioning(
                together(tokens, scope),
                together(pooled, scope),
                scope.create(sizes, new Shape(captions.size(), 6)))
            .withoutPadding(encoded.padding());
    return new DenoisingLoss.Batch(together(latents, scope), noise, steps, conditioning);
  }

  private static NDArray together(NDList rows, NDManager scope) {
    NDArray batch = NDArrays.concat(rows, 0);
    batch.attach(scope);
    return batch;
  }

  private static int number(TorchRandom random, int count) {
    return count == 1 ? 0 : (int) random.randint(0, count, 1)[0];
  }
}
