package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * {@code image_blur_mapper}: blurs pictures, each with probability {@code p}. A blurred picture is
 * a new file in the folder {@code __dj__produced_data__/image_blur_mapper} beside the old one, in
 * PNG or JPEG; the field {@code __dj__source_file__} names the picture that each was made from.
 * Unlike data-juicer's, the choice depends on the picture's name alone, so that a second run makes
 * the same one and its files again.
 */
final class ImageBlurMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "image_blur_mapper";

  private static final String SOURCE_FIELD = "__dj__source_file__";
  private static final String FOLDER = "__dj__produced_data__";

  private final double probability;
  private final String blurType;
  private final double radius;
  private final String imageKey;

  /**
   * From {@code p, blur_type} (mean, box, gaussian), {@code radius} (in pixels), {@code image_key}.
   */
  ImageBlurMapper(Parameters parameters) {
    probability = parameters.decimal("p", 0.2);
    blurType = parameters.choice("blur_type", "gaussian", List.of("mean", "box", "gaussian"));
    radius = parameters.decimal("radius", 2);
    imageKey = parameters.imageKey();
    if (radius < 0) {
      throw parameters.error("radius", "must not be negative.");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    List<Path> pictures = sample.pictures(imageKey);
    JsonArray sources = new JsonArray();
    if (sample.field(SOURCE_FIELD) instanceof JsonArray earlier && !earlier.isEmpty()) {
      sources = earlier;
    } else {
      for (Path picture : pictures) {
        sources.add(picture.toString());
      }
    }
    Map<Path, Path> blurred = new HashMap<>();
    List<Path> result = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      Path picture = pictures.get(i);
      Path processed = blurred.computeIfAbsent(picture, file -> process(sample, file));
      if (!processed.equals(picture)) {
        sources.set(i, new JsonPrimitive(picture.toString()));
      }
      result.add(processed);
    }
    sample.fields().add(SOURCE_FIELD, sources);
    if (!pictures.isEmpty()) {
      sample.setPictures(imageKey, result);
    }
  }

  /** The blurred picture, or the picture itself if the draw says so. */
  private Path process(Sample sample, Path picture) {
    String name = picture.getFileName().toString();
    String choice = String.join(",", name, blurType, Double.toString(radius));
    byte[] digest = Digests.digest("MD5", choice.getBytes(StandardCharsets.UTF_8));
    double draw = Math.abs((double) java.nio.ByteBuffer.wrap(digest).getInt()) / (1L << 31);
    if (probability < draw) {
      return picture;
    }
    BufferedImage blurred =
        switch (blurType) {
          case "mean" -> Blur.frame(sample.pixels(picture));
          case "box" -> Blur.box(sample.pixels(picture), (float) radius);
          default -> Blur.gaussian(sample.pixels(picture), (float) radius);
        };
    Path target = target(picture, name, Digests.hexadecimal(digest));
    PictureFile.write(blurred, target);
    return target;
  }

  private static Path target(Path picture, String name, String hash) {
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    String written = ending.matches("\\.(png|jpe?g)") ? name.substring(dot) : ".png";
    String stem = (dot < 0 ? name : name.substring(0, dot)).replaceFirst("__dj_hash_#.*", "");
    Path folder =
        Objects.requireNonNull(picture.toAbsolutePath().getParent(), "a picture lies in a folder");
    Path produced = folder.resolve(FOLDER).resolve(NAME);
    if (folder.endsWith(Path.of(FOLDER, NAME))) {
      produced = folder;
    }
    return produced.resolve(stem + "__dj_hash_#" + hash + "#" + written);
  }
}
