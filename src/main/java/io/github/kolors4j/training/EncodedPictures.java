package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.pipeline.ModelFolder;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A picture set as the UNet sees it: latents, computed once.
 *
 * @param pictures in the set's order, without those that do not decode
 */
record EncodedPictures(List<Picture> pictures) {
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
   * @param dataset where the set lies
   * @param transforms what becomes of each picture and caption before
   * @param random where random crops and orders of captions are drawn from
   * @param manager the owner of the result
   */
  static EncodedPictures of(
      CaptionedImages images,
      Path dataset,
      PictureTransforms transforms,
      ModelFolder model,
      TorchRandom random,
      TrainingObserver observer,
      NDManager manager) {
    List<Picture> encoded = new ArrayList<>();
    String firstProblem = "";
    boolean cropsDiffer = false;
    List<Path> lying = new ArrayList<>();
    try (Work work = observer.preparing("编码图片 (encoding pictures)", "pictures", images.size());
        NDManager scope = manager.newSubManager();
        Autoencoder vae =
            Autoencoder.load(AutoencoderConfig.read(model.vaeConfigFolder()), model.vae(), scope)) {
      for (CaptionedPicture picture : images) {
        Work.check();
        try {
          List<BufferedImage> crops = transforms.crops(picture, random);
          cropsDiffer |= crops.size() > 1;
          List<NDArray> variants = new ArrayList<>();
          for (BufferedImage crop : crops) {
            for (BufferedImage variant : transforms.flips(crop)) {
              variants.add(latents(variant, vae, scope, manager));
            }
          }
          encoded.add(new Picture(transforms.captions(picture.caption(), random), variants));
          if (PictureFile.isTurned(picture.file())) {
            lying.add(picture.file());
          }
        } catch (PictureException e) {
          firstProblem = firstProblem.isEmpty() ? String.valueOf(e.getMessage()) : firstProblem;
          observer.notice("Skipped: " + e.getMessage());
        }
        observer.listener().preparing("pictures", encoded.size(), images.size());
        work.advance();
      }
    }
    if (encoded.isEmpty()) {
      throw new TrainingException(
          "None of the %d pictures in %s can be used. The first problem: %s"
              .formatted(images.size(), dataset, firstProblem));
    }
    if (!lying.isEmpty()) {
      observer.notice(
          "%d pictures lie on their side or are mirrored, as they are stored, for example %s: what their cameras noted (EXIF) is not followed, as in the original. CaptionedImages.exportUpright turns them."
              .formatted(lying.size(), lying.get(0).getFileName()));
    }
    if (cropsDiffer) {
      observer.notice(
          "Random crops: %d of each picture are encoded once and drawn from, instead of a new one each time."
              .formatted(PictureTransforms.RANDOM_CROPS));
    }
    return new EncodedPictures(encoded);
  }

  /**
   * Every caption that a training of these pictures may need.
   *
   * @param dropped what stands in the place of dropped captions, if any are dropped
   */
  Set<String> captions(Optional<String> dropped) {
    Set<String> captions = new LinkedHashSet<>();
    pictures.forEach(picture -> captions.addAll(picture.captions()));
    dropped.ifPresent(captions::add);
    return captions;
  }

  /**
   * How many pictures there are of each size, in words.
   *
   * @param downscale how many pixels of a picture's side are one latent
   */
  String sizes(int downscale) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Picture picture : pictures) {
      long width = picture.shape().get(3) * downscale;
      long height = picture.shape().get(2) * downscale;
      counts.merge(width + "×" + height, 1, Integer::sum);
    }
    return "Pictures by size (width × height): " + counts;
  }

  /** DiffSynth-Studio's encoder gives the mean of the latents' distribution and draws nothing. */
  private static NDArray latents(
      BufferedImage picture, Autoencoder vae, NDManager parent, NDManager owner) {
    try (NDManager scope = parent.newSubManager()) {
      NDArray mean = vae.mean(vae.encode(PictureTensor.toTensor(scope, picture)));
      NDArray latents = TensorOperators.scale(mean, vae.config().scalingFactor());
      latents.attach(owner);
      return latents;
    }
  }
}
