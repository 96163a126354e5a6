package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.image.Resampling;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * How a picture is prepared for CLIP (transformers {@code CLIPImageProcessor}): resized so that its
 * shorter edge fits, cut to its centre, and normalised colour by colour.
 *
 * @param shortestEdge pixels of the shorter edge after resizing, 224
 * @param cropSize width and height of the centre that is kept, 224
 * @param mean of red, green and blue in [0, 1], which are subtracted
 * @param standardDeviation of red, green and blue, by which the rest is divided
 */
record ClipPreprocessing(
    int shortestEdge, int cropSize, double[] mean, double[] standardDeviation) {
  private static final int LARGEST_EDGE = 8192;
  private static final int BICUBIC = 3; // Pillow's number
  private static final double[] CLIP_MEAN = {0.48145466, 0.4578275, 0.40821073};
  private static final double[] CLIP_DEVIATION = {0.26862954, 0.26130258, 0.27577711};

  /**
   * Reads {@code preprocessor_config.json}; what it leaves out has CLIP's values.
   *
   * @throws io.github.kolors4j.WeightsException if it is missing, no JSON, or asks for steps that
   *     are not taken here
   */
  static ClipPreprocessing read(Path folder) {
    ConfigFile file = ConfigFile.read(folder.resolve("preprocessor_config.json"));
    for (String step : new String[] {"do_resize", "do_center_crop", "do_rescale", "do_normalize"}) {
      file.require(step, true);
    }
    file.require("resample", BICUBIC);
    if (file.size("crop_size", "height", 224) != file.size("crop_size", "width", 224)) {
      throw file.wrong("crop_size", "as high as wide");
    }
    ClipPreprocessing preprocessing =
        new ClipPreprocessing(
            file.size("size", "shortest_edge", 224),
            file.size("crop_size", "height", 224),
            file.numbers("image_mean", CLIP_MEAN),
            file.numbers("image_std", CLIP_DEVIATION));
    if (preprocessing.shortestEdge > LARGEST_EDGE) {
      throw file.wrong("size", "at most " + LARGEST_EDGE);
    }
    if (preprocessing.cropSize > preprocessing.shortestEdge) {
      throw file.wrong("crop_size", "from 1 to the shortest edge after resizing");
    }
    for (double deviation : preprocessing.standardDeviation) {
      if (deviation <= 0) {
        throw file.wrong("image_std", "above 0");
      }
    }
    return preprocessing;
  }

  /**
   * The picture as an array of shape (1, 3, cropSize, cropSize).
   *
   * @param manager the array's owner
   */
  NDArray apply(BufferedImage picture, NDManager manager) {
    int shorter = Math.min(picture.getWidth(), picture.getHeight());
    int width = (int) ((long) shortestEdge * picture.getWidth() / shorter);
    int height = (int) ((long) shortestEdge * picture.getHeight() / shorter);
    // torchvision's centre is rounded, that of transformers is rounded down
    int left = (width - cropSize) / 2;
    int top = (height - cropSize) / 2;
    BufferedImage centre =
        Resampling.BICUBIC.resizedPart(picture, width, height, left, top, cropSize, cropSize);
    int pixels = cropSize * cropSize;
    int[] colours = centre.getRGB(0, 0, cropSize, cropSize, null, 0, cropSize);
    float[] values = new float[3 * pixels];
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < pixels; i++) {
        int sample = colours[i] >> 16 - 8 * channel & 0xff;
        values[channel * pixels + i] =
            (float) ((sample / 255.0 - mean[channel]) / standardDeviation[channel]);
      }
    }
    return manager.create(values, new Shape(1, 3, cropSize, cropSize));
  }
}
