package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureTensor;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.model.Autoencoder;
import io.github.kolors4j.model.AutoencoderConfig;
import io.github.kolors4j.model.ChatGlm;
import io.github.kolors4j.model.ChatGlmTokenizer;
import io.github.kolors4j.model.TokenizedPrompt;
import io.github.kolors4j.tensor.TorchRandom;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A picture set as the UNet sees it: latents and text embeddings, computed once. Captions that
 * occur several times are encoded once.
 *
 * @param pictures in the set's order, without those that do not decode
 * @param captions the embeddings of each caption, and of the empty one if it is needed
 * @param padding how many tokens at the start of every caption are padding, one and the same vector
 */
record EncodedPictures(
    List<Picture> pictures, Map<String, ChatGlm.Encoding> captions, int padding) {
  /** Crops kept of a picture that is cropped at random. */
  static final int RANDOM_CROPS = 4;

  /**
   * One picture.
   *
   * @param variants the latents (1, channels, height, width) of its crops and mirror images
   */
  record Picture(String caption, List<NDArray> variants) {}

  /**
   * Encodes a set, with each network in memory only as long as it is needed.
   *
   * @param random where random crops are drawn from
   * @param manager the owner of the result
   */
  static EncodedPictures of(
      CaptionedImages images, LoraOptions options, TorchRandom random, NDManager manager) {
    List<Picture> pictures = encodePictures(images, options, random, manager);
    Set<String> captions = new LinkedHashSet<>();
    pictures.forEach(picture -> captions.add(picture.caption()));
    if (options.captionDropout > 0) {
      captions.add("");
    }
    ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(options.model.tokenizer());
    int longest = captions.stream().mapToInt(c -> tokenizer.encode(c).length()).max().orElse(0);
    return new EncodedPictures(
        pictures,
        encodeCaptions(captions, tokenizer, options, manager),
        ChatGlmTokenizer.MAX_LENGTH - longest);
  }

  private static List<Picture> encodePictures(
      CaptionedImages images, LoraOptions options, TorchRandom random, NDManager manager) {
    List<Picture> encoded = new ArrayList<>();
    String firstProblem = "";
    boolean cropsDiffer = false;
    try (NDManager scope = manager.newSubManager();
        Autoencoder vae =
            Autoencoder.load(
                AutoencoderConfig.read(options.model.vaeConfig()), options.model.vae(), scope)) {
      for (CaptionedPicture picture : images) {
        try {
          List<BufferedImage> crops = crops(picture.read(), options, random);
          cropsDiffer |= crops.size() > 1;
          List<NDArray> variants = new ArrayList<>();
          for (BufferedImage crop : crops) {
            variants.add(latents(crop, vae, scope, manager));
            if (options.randomFlip) {
              variants.add(latents(Pictures.flipHorizontally(crop), vae, scope, manager));
            }
          }
          encoded.add(new Picture(picture.caption(), variants));
        } catch (PictureException e) {
          firstProblem = firstProblem.isEmpty() ? e.getMessage() : firstProblem;
          options.listener.notice("Skipped: " + e.getMessage());
        }
        options.listener.preparing("pictures", encoded.size(), images.size());
      }
    }
    if (encoded.isEmpty()) {
      throw new TrainingException(
          "None of the %d pictures in %s can be used. The first problem: %s"
              .formatted(images.size(), options.dataset, firstProblem));
    }
    if (cropsDiffer) {
      options.listener.notice(
          "Random crops: %d of each picture are encoded once and drawn from, instead of a new one each time."
              .formatted(RANDOM_CROPS));
    }
    return encoded;
  }

  private static List<BufferedImage> crops(
      BufferedImage picture, LoraOptions options, TorchRandom random) {
    BufferedImage covering = Pictures.cover(picture, options.width, options.height);
    int freeWidth = covering.getWidth() - options.width;
    int freeHeight = covering.getHeight() - options.height;
    if (options.centerCrop || freeWidth == 0 && freeHeight == 0) {
      return List.of(Pictures.centerCrop(covering, options.width, options.height));
    }
    List<BufferedImage> crops = new ArrayList<>();
    for (int i = 0; i < RANDOM_CROPS; i++) {
      int top = (int) random.randint(0, freeHeight + 1L, 1)[0];
      int left = (int) random.randint(0, freeWidth + 1L, 1)[0];
      crops.add(Pictures.crop(covering, left, top, options.width, options.height));
    }
    return crops;
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

  private static Map<String, ChatGlm.Encoding> encodeCaptions(
      Set<String> captions, ChatGlmTokenizer tokenizer, LoraOptions options, NDManager manager) {
    Map<String, ChatGlm.Encoding> encoded = new LinkedHashMap<>();
    try (NDManager parent = manager.newSubManager();
        ChatGlm encoder = ChatGlm.load(options.model.textEncoder(), parent)) {
      for (String caption : captions) {
        TokenizedPrompt prompt = tokenizer.encode(caption);
        if (prompt.truncated()) {
          options.listener.notice("A caption is too long and was cut: " + caption);
        }
        try (NDManager scope = parent.newSubManager()) {
          ChatGlm.Encoding encoding =
              encoder.encode(
                  row(prompt.inputIds(), scope),
                  row(prompt.attentionMask(), scope),
                  row(prompt.positionIds(), scope));
          encoding.tokens().attach(manager);
          encoding.pooled().attach(manager);
          encoded.put(caption, encoding);
        }
        options.listener.preparing("captions", encoded.size(), captions.size());
      }
    }
    return encoded;
  }

  private static NDArray row(long[] values, NDManager manager) {
    return manager.create(values, new Shape(1, values.length));
  }
}
