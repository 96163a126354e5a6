package io.github.kolors4j.training;

import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a picture and its caption before they are encoded: torchvision's {@code Resize,
 * CenterCrop} or {@code RandomCrop, RandomHorizontalFlip}.
 *
 * @param buckets the sizes that pictures are brought to
 * @param centerCrop whether the middle is cut out, not random parts
 * @param randomFlip whether the mirror image is needed, too
 * @param coverLongerSide whether a picture is made to cover a square first, as in the course
 * @param shuffle of the captions' parts
 */
record PictureTransforms(
    AspectRatioBuckets buckets,
    boolean centerCrop,
    boolean randomFlip,
    boolean coverLongerSide,
    Optional<CaptionShuffle> shuffle) {
  /** Crops kept of a picture that is cropped at random. */
  static final int RANDOM_CROPS = 4;

  /** A picture in its bucket's size: the middle, or several random parts of it. */
  List<BufferedImage> crops(CaptionedPicture captioned, TorchRandom random) {
    BufferedImage picture = captioned.read();
    AspectRatioBuckets.Size size = buckets.choose(picture.getWidth(), picture.getHeight());
    Dimension covering;
    try {
      int longer = Math.max(size.width(), size.height());
      covering =
          coverLongerSide
              ? Pictures.coveringSize(picture, longer, longer)
              : Pictures.coveringSize(picture, size.width(), size.height());
    } catch (IllegalArgumentException e) {
      throw new PictureException(captioned.file(), String.valueOf(e.getMessage()), e);
    }
    int freeWidth = covering.width - size.width();
    int freeHeight = covering.height - size.height();
    if (centerCrop || freeWidth == 0 && freeHeight == 0) {
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

  /** A crop, and its mirror image if it is needed. */
  List<BufferedImage> flips(BufferedImage crop) {
    return randomFlip ? List.of(crop, Pictures.flipHorizontally(crop)) : List.of(crop);
  }

  /** A caption, or several orders of its parts. */
  List<String> captions(String caption, TorchRandom random) {
    return shuffle.map(orders -> orders.orders(caption, random)).orElse(List.of(caption));
  }
}
