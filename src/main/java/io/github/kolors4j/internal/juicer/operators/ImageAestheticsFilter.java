package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.model.AestheticsPredictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code image_aesthetics_filter}: keeps samples whose pictures have a score of beauty within
 * bounds (inclusive), given by an {@link AestheticsPredictor}. A sample without pictures stays.
 * Statistic: {@code image_aesthetics_scores}, one value a picture.
 *
 * <p>Scores of the models that data-juicer knows ({@code shunk031/aesthetics-predictor…}) are
 * divided by ten, to be from 0 to 1; those of others are not, as in data-juicer.
 */
public final class ImageAestheticsFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "image_aesthetics_filter";

  private static final String STATISTIC = "image_aesthetics_scores";
  private static final String DEFAULT_MODEL =
      "shunk031/aesthetics-predictor-v2-sac-logos-ava1-l14-linearMSE";
  private static final String SCORED_TO_TEN = "shunk031/aesthetics-predictor";

  /** A model is large and a recipe is run again and again: each is loaded once and stays. */
  private static final Map<Path, AestheticsPredictor> PREDICTORS = new ConcurrentHashMap<>();

  private final Path model;
  private final boolean scoredToTen;
  private final double minScore;
  private final double maxScore;
  private final boolean any;
  private final String imageKey;

  /**
   * From {@code hf_scorer_model} (a folder, or a name whose folder lies in {@code models}), {@code
   * min_score, max_score, any_or_all, image_key}; {@code trust_remote_code} has no effect, as no
   * code is loaded.
   */
  ImageAestheticsFilter(Parameters parameters) {
    String given = parameters.text("hf_scorer_model", "");
    String name = given.isEmpty() ? DEFAULT_MODEL : given;
    parameters.truth("trust_remote_code", false);
    minScore = parameters.decimal("min_score", 0.5);
    maxScore = parameters.decimal("max_score", 1.0);
    any = parameters.choice("any_or_all", "any", List.of("any", "all")).equals("any");
    imageKey = parameters.imageKey();
    scoredToTen = name.replace('\\', '/').contains(SCORED_TO_TEN);
    model = folder(name, parameters);
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

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(STATISTIC, Bounds.of(minScore, maxScore));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
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

  @Override
  public Optional<Reason> judge(Sample sample) {
    JsonArray scores = sample.statistics().get(STATISTIC).getAsJsonArray();
    List<Reason> reasons = new ArrayList<>();
    scores.forEach(
        score ->
            Bound.check("min_score", minScore, "max_score", maxScore, score.getAsDouble())
                .map(
                    broken ->
                        broken.reason(
                            Bound.text(score.getAsDouble()), "美学评分", "aesthetics score", "", ""))
                .ifPresent(reasons::add));
    return AnyOrAll.of(any, reasons, scores.size());
  }
}
