package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.model.AestheticsPredictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code image_aesthetics_filter}: keeps samples whose pictures have a score of beauty within
 * bounds (inclusive), given by an {@link AestheticsPredictor}. A sample without pictures stays.
 * Statistic: {@code image_aesthetics_scores}, one value a picture.
 *
 * <p>Scores of the models that data-juicer knows ({@code shunk031/aesthetics-predictor…}) are
 * divided by ten, to be from 0 to 1; those of others are not, as in data-juicer.
 */
public final class ImageAestheticsFilter {
  /** The name in recipes. */
  public static final String NAME = "image_aesthetics_filter";

  private static final String STATISTIC = "image_aesthetics_scores";
  private static final String DEFAULT_MODEL =
      "shunk031/aesthetics-predictor-v2-sac-logos-ava1-l14-linearMSE";
  private static final String SCORED_TO_TEN = "shunk031/aesthetics-predictor";

  /** A model is large and a recipe is run again and again: each is loaded once and stays. */
  private static final Map<Path, AestheticsPredictor> PREDICTORS = new ConcurrentHashMap<>();

  private static final Range.Quantity QUANTITY = new Range.Quantity("美学评分", "aesthetics score");

  private ImageAestheticsFilter() {}

  /**
   * From {@code hf_scorer_model} (a folder, or a name whose folder lies in {@code models}), {@code
   * min_score, max_score, any_or_all, image_key}; {@code trust_remote_code} has no effect, as no
   * code is loaded.
   */
  static Filter of(Parameters parameters) {
    String given = parameters.text("hf_scorer_model", "");
    String name = given.isEmpty() ? DEFAULT_MODEL : given;
    parameters.truth("trust_remote_code", false);
    Range range = Range.ofDecimals(parameters, "score", 0.5, 1.0);
    boolean any = AnyOrAll.isAny(parameters);
    String imageKey = parameters.imageKey();
    boolean scoredToTen = name.replace('\\', '/').contains(SCORED_TO_TEN);
    Path model = folder(name, parameters);
    return new PictureFilter(
        NAME,
        STATISTIC,
        range,
        QUANTITY,
        any,
        sample -> measure(sample, imageKey, model, scoredToTen));
  }

  /** Where {@code Hub} puts a model of that name, if it is not a folder itself. */
  private static Path folder(String name, Parameters parameters) {
    Path downloaded = Path.of("models").resolve(name);
    Path folder = Files.isDirectory(Path.of(name)) ? Path.of(name) : downloaded;
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      throw parameters.error(
          "hf_scorer_model",
          "is the model "
              + name
              + ", which is not there: "
              + folder.resolve("config.json").toAbsolutePath()
              + " is missing. Download the usual one with Hub.huggingFace().fetch(\""
              + DEFAULT_MODEL
              + "\"), which puts it below the folder models, or name the folder that holds its"
              + " config.json, preprocessor_config.json and model.safetensors.");
    }
    return folder.toAbsolutePath().normalize();
  }

  private static void measure(Sample sample, String imageKey, Path model, boolean scoredToTen) {
    if (sample.statistics().containsKey(STATISTIC)) {
      return;
    }
    JsonArray scores = new JsonArray();
    for (Path picture : new LinkedHashSet<>(sample.pictures(imageKey))) {
      AestheticsPredictor predictor = PREDICTORS.computeIfAbsent(model, AestheticsPredictor::load);
      float score = predictor.score(sample.pixels(picture));
      scores.add((double) (scoredToTen ? score / 10f : score));
    }
    sample.statistics().put(STATISTIC, scores);
  }
}
