package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts pictures, captions, timesteps and noise together to what one forward pass takes.
 *
 * @param indices the order of the course's trainer, if that is to be followed
 * @param timesteps of the noise schedule, 1100 in Kolors
 * @param downscale how many pixels of a picture's side are one latent
 */
record Batches(
    Captions captions,
    Settings settings,
    Optional<ShuffledIndices> indices,
    int timesteps,
    int downscale) {

  /**
   * How a batch is drawn.
   *
   * @param size pictures of a batch
   * @param oneBucket whether pictures differ in size, so that a batch must be of one
   * @param mirrored whether a picture's two variants are it and its mirror image
   * @param captionDropout the share of captions replaced by another text
   * @param droppedText what stands in their place, often nothing
   * @param noiseOffset how much channels are made lighter or darker as a whole
   */
  record Settings(
      int size,
      boolean oneBucket,
      boolean mirrored,
      double captionDropout,
      String droppedText,
      double noiseOffset) {}

  /** What an exact resume needs besides the random numbers' state. */
  Map<String, Double> numbers() {
    return indices.map(ShuffledIndices::numbers).orElse(Map.of());
  }

  /** Goes on where {@link #numbers} were taken. */
  void restore(Map<String, Double> numbers) {
    indices.ifPresent(order -> order.restore(numbers));
  }

  /**
   * A random batch of pictures, of one bucket: the first one decides which. Draws, in this order,
   * for each picture its number, crop and mirror image, the order of its caption, and whether its
   * caption is dropped; then the noise, and its offset; then the timesteps.
   */
  DenoisingLoss.Batch draw(
      List<EncodedPictures.Picture> pictures, TorchRandom random, NDManager scope) {
    NDList latents = new NDList();
    List<String> texts = new ArrayList<>();
    List<EncodedPictures.Picture> candidates = pictures;
    for (int i = 0; i < settings.size(); i++) {
      EncodedPictures.Picture picture =
          indices.isEmpty()
              ? drawn(candidates, random)
              : drawnAsInTheCourse(indices.get(), pictures, random);
      if (i == 0 && settings.oneBucket() && settings.size() > 1) {
        candidates = pictures.stream().filter(p -> p.shape().equals(picture.shape())).toList();
      }
      latents.add(
          indices.isPresent() && settings.mirrored()
              ? mirroredOrNot(picture.variants(), random)
              : drawn(picture.variants(), random));
      String text = drawn(picture.captions(), random);
      boolean dropped =
          settings.captionDropout() > 0 && random.rand(1)[0] < settings.captionDropout();
      texts.add(dropped ? settings.droppedText() : text);
    }
    NDArray noise = noise(latents, random, scope);
    long[] numbers = random.randint(0, timesteps, settings.size());
    int[] steps = new int[numbers.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = timesteps - 1 - (int) numbers[i]; // the original draws from a falling list
    }
    return batch(latents, noise, steps, texts, scope);
  }

  /**
   * Noise for latents. With a noise offset (Guttenberg 2023, {@code crosslabs.org}; diffusers'
   * {@code --noise_offset}), each channel of each picture is lighter or darker as a whole, so that
   * very dark and very light pictures can be learned.
   */
  private NDArray noise(NDList latents, TorchRandom random, NDManager scope) {
    Shape shape = latents.head().getShape();
    NDArray noise =
        random.randn(scope, new Shape(latents.size(), shape.get(1), shape.get(2), shape.get(3)));
    if (settings.noiseOffset() > 0) {
      NDArray offset = random.randn(scope, new Shape(latents.size(), shape.get(1), 1, 1));
      noise.addi(offset.muli((float) settings.noiseOffset()));
    }
    return noise;
  }

  /**
   * Held-back pictures in batches that are the same each time: every picture at several timesteps,
   * which together are evenly spread.
   */
  List<DenoisingLoss.Batch> fixed(
      List<EncodedPictures.Picture> pictures, int timestepsEach, long seed, NDManager scope) {
    int count = pictures.size() * timestepsEach;
    Map<Shape, List<Integer>> buckets = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Shape shape = pictures.get(i % pictures.size()).shape();
      buckets.computeIfAbsent(shape, s -> new ArrayList<>()).add(i);
    }
    TorchRandom random = new TorchRandom(seed);
    List<DenoisingLoss.Batch> batches = new ArrayList<>();
    for (List<Integer> bucket : buckets.values()) {
      for (int start = 0; start < bucket.size(); start += settings.size()) {
        int end = Math.min(start + settings.size(), bucket.size());
        batches.add(fixed(pictures, bucket.subList(start, end), count, random, scope));
      }
    }
    return batches;
  }

  private DenoisingLoss.Batch fixed(
      List<EncodedPictures.Picture> pictures,
      List<Integer> places,
      int count,
      TorchRandom random,
      NDManager scope) {
    NDList latents = new NDList();
    List<String> texts = new ArrayList<>();
    int[] steps = new int[places.size()];
    for (int i = 0; i < steps.length; i++) {
      EncodedPictures.Picture picture = pictures.get(places.get(i) % pictures.size());
      latents.add(picture.variants().get(0));
      texts.add(picture.captions().get(0));
      steps[i] = (int) ((places.get(i) + 0.5) * timesteps / count);
    }
    Shape shape = latents.head().getShape();
    NDArray noise =
        random.randn(scope, new Shape(steps.length, shape.get(1), shape.get(2), shape.get(3)));
    return batch(latents, noise, steps, texts, scope);
  }

  private DenoisingLoss.Batch batch(
      NDList latents, NDArray noise, int[] steps, List<String> texts, NDManager scope) {
    float height = noise.getShape().get(2) * downscale;
    float width = noise.getShape().get(3) * downscale;
    float[] sizes = new float[texts.size() * 6];
    for (int i = 0; i < sizes.length; i += 6) {
      // Original size, upper left corner and target size, as the original sets them for all.
      sizes[i] = height;
      sizes[i + 1] = width;
      sizes[i + 4] = height;
      sizes[i + 5] = width;
    }
    DenoisingLoss.Text text =
        captions.of(texts, scope.create(sizes, new Shape(texts.size(), 6)), scope);
    return new DenoisingLoss.Batch(together(latents, scope), noise, steps, text);
  }

  private static NDArray together(NDList rows, NDManager scope) {
    NDArray batch = NDArrays.concat(rows, 0);
    batch.attach(scope);
    return batch;
  }

  /** DiffSynth-Studio's data set shifts the loader's index by a random number. */
  private static EncodedPictures.Picture drawnAsInTheCourse(
      ShuffledIndices indices, List<EncodedPictures.Picture> pictures, TorchRandom random) {
    long index = indices.next(random);
    long shift = random.randint(0, pictures.size(), 1)[0];
    return pictures.get((int) ((shift + index) % pictures.size()));
  }

  /** torchvision's {@code RandomHorizontalFlip}: the picture, or its mirror image. */
  private static NDArray mirroredOrNot(List<NDArray> both, TorchRandom random) {
    return both.get(random.rand(1)[0] < 0.5f ? 1 : 0);
  }

  /** One of several, each as likely; of one, without drawing a number. */
  private static <T> T drawn(List<T> from, TorchRandom random) {
    return from.get(from.size() == 1 ? 0 : (int) random.randint(0, from.size(), 1)[0]);
  }
}
