package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A picture set as the UNet sees it: latents, computed once.
 *
 * @param pictures in the set's order, without those that do not decode
 */
record EncodedPictures(List<Picture> pictures) {
  /** Crops kept of a picture that is cropped at random. */
  static final int RANDOM_CROPS = 4;

  /**
   * One picture.
   *
   * @param captions its caption, or several orders of its parts
   * @param variants the latents (1, channels, height, width) of its crops and mirror images
   */
  record Picture(List<String> captions, List<NDArray> variants) {
    /** The shape of its latents, which is that of all pictures in one bucket. */
    Shape shape() {
      return variants.get(0).getShape();
    }
  }

  /**
   * Encodes a set; the autoencoder is in memory only meanwhile.
   *
   * @param buckets the sizes that pictures are brought to
   * @param random where random crops and orders of captions are drawn from
   * @param manager the owner of the result
   */
  static EncodedPictures of(
      CaptionedImages images,
      LoraOptions options,
      AspectRatioBuckets buckets,
      TorchRandom random,
      NDManager manager) {
    List<Picture> pictures = encode(images, options, buckets, random, manager);
    if (options.enableBucket) {
      options.listener.notice(describe(pictures, options));
    }
    return new EncodedPictures(pictures);
  }

  /** Every caption that a training of these pictures may need. */
  Set<String> captions(LoraOptions options) {
    Set<String> captions = new LinkedHashSet<>();
    pictures.forEach(picture -> captions.addAll(picture.captions()));
    if (options.captionDropout > 0) {
      captions.add("");
    }
    return captions;
  }

  private static String describe(List<Picture> pictures, LoraOptions options) {
    int multiple = AutoencoderConfig.read(options.model.vaeConfigFolder()).downscale();
    Map<String, Integer> counts = new TreeMap<>();
    for (Picture picture : pictures) {
      long width = picture.shape().get(3) * multiple;
      long height = picture.shape().get(2) * multiple;
      counts.merge(width + "×" + height, 1, Integer::sum);
    }
    return "Pictures by size (width × height): " + counts;
  }

  private static List<Picture> encode(
      CaptionedImages images,
      LoraOptions options,
      AspectRatioBuckets buckets,
      TorchRandom random,
      NDManager manager) {
    List<Picture> encoded = new ArrayList<>();
    String firstProblem = "";
    boolean cropsDiffer = false;
    List<Path> lying = new ArrayList<>();
    try (Work work = options.preparing("编码图片 (encoding pictures)", "pictures", images.size());
        NDManager scope = manager.newSubManager();
        Autoencoder vae =
            Autoencoder.load(
                AutoencoderConfig.read(options.model.vaeConfigFolder()),
                options.model.vae(),
                scope)) {
      for (CaptionedPicture picture : images) {
        Work.check();
        try {
          List<BufferedImage> crops = crops(picture, buckets, options, random);
          cropsDiffer |= crops.size() > 1;
          List<NDArray> variants = new ArrayList<>();
          for (BufferedImage crop : crops) {
            variants.add(latents(crop, vae, scope, manager));
            if (options.randomFlip) {
              variants.add(latents(Pictures.flipHorizontally(crop), vae, scope, manager));
            }
          }
          List<String> captions =
              options.shuffleCaption
                  ? options.captionShuffle().orders(picture.caption(), random)
                  : List.of(picture.caption());
          encoded.add(new Picture(captions, variants));
          if (PictureFile.isTurned(picture.file())) {
            lying.add(picture.file());
          }
        } catch (PictureException e) {
          firstProblem = firstProblem.isEmpty() ? e.getMessage() : firstProblem;
          options.listener.notice("Skipped: " + e.getMessage());
        }
        options.listener.preparing("pictures", encoded.size(), images.size());
        work.advance();
      }
    }
    if (encoded.isEmpty()) {
      throw new TrainingException(
          "None of the %d pictures in %s can be used. The first problem: %s"
              .formatted(images.size(), options.dataset, firstProblem));
    }
    if (!lying.isEmpty()) {
      options.listener.notice(
          "%d pictures lie on their side or are mirrored, as they are stored, for example %s: what their cameras noted (EXIF) is not followed, as in the original. CaptionedImages.exportUpright turns them."
              .formatted(lying.size(), lying.get(0).getFileName()));
    }
    if (cropsDiffer) {
      options.listener.notice(
          "Random crops: %d of each picture are encoded once and drawn from, instead of a new one each time."
              .formatted(RANDOM_CROPS));
    }
    return encoded;
  }

  private static List<BufferedImage> crops(
      CaptionedPicture captioned,
      AspectRatioBuckets buckets,
      LoraOptions options,
      TorchRandom random) {
    BufferedImage picture = captioned.read();
    AspectRatioBuckets.Size size = buckets.choose(picture.getWidth(), picture.getHeight());
    Dimension covering;
    try {
      int longer = Math.max(size.width(), size.height());
      covering =
          options.asInTheCourse
              ? Pictures.coveringSize(picture, longer, longer)
              : Pictures.coveringSize(picture, size.width(), size.height());
    } catch (IllegalArgumentException e) {
      throw new PictureException(captioned.file(), e.getMessage(), e);
    }
    int freeWidth = covering.width - size.width();
    int freeHeight = covering.height - size.height();
    if (options.centerCrop || freeWidth == 0 && freeHeight == 0) {
      int left = (int) Math.rint(freeWidth / 2.0); // as torchvision, halves to even
      return List.of(part(picture, covering, left, (int) Math.rint(freeHeight / 2.0), size));
    }
    List<BufferedImage> crops = new ArrayList<>();
    for (int i = 0; i < RANDOM_CROPS; i++) {
      int top = (int) random.randint(0, freeHeight + 1L, 1)[0];
      int left = (int) random.randint(0, freeWidth + 1L, 1)[0];
      crops.add(part(picture, covering, left, top, size));
    }
    return crops;
  }

  private static BufferedImage part(
      BufferedImage picture, Dimension covering, int left, int top, AspectRatioBuckets.Size size) {
    return Resampling.BILINEAR.resizedPart(
        picture, covering.width, covering.height, left, top, size.width(), size.height());
  }

  /** DiffSynth-Studio's encoder gives the mean of the latents' distribution and draws nothing. */
  private static NDArray latents(
      BufferedImage picture, Autoencoder vae, NDManager parent, NDManager owner) {
    try (NDManager scope = parent.newSubManager()) {
      NDArray mean = vae.mean(vae.encode(PictureTensor.toTensor(scope, picture)));
      NDArray latents = mean.mul((float) vae.config().scalingFactor());
      latents.attach(owner);
      return latents;
    }
  }
}
