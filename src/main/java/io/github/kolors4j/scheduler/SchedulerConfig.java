package io.github.kolors4j.scheduler;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.files.ForeignFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model folder's {@code scheduler/scheduler_config.json} says, in diffusers' terms; one
 * configuration serves every sampler. A key that is missing takes diffusers' default, but for
 * {@code clip_sample} and {@code set_alpha_to_one}, which are false here: latents are not confined
 * to [-1, 1].
 *
 * <p>An option that this library does not have is refused if the file turns it on, since leaving it
 * out would quietly change the pictures.
 *
 * @param className the sampler that the file names ({@code _class_name})
 * @param numTrainTimesteps timesteps that the model was trained with; 1100 for Kolors
 * @param betaStart noise added at the first timestep, in (0, 1)
 * @param betaEnd noise added at the last timestep, in (0, 1)
 * @param betaSchedule how the noise grows between them
 * @param predictionType what the model predicts
 * @param timestepSpacing how inference steps are spread over the training timesteps
 * @param stepsOffset added to the timesteps of leading spacing; 1 for Kolors
 * @param useKarrasSigmas space the noise levels as Karras et al. 2022
 * @param algorithmType DPM-Solver++ as a differential equation or a stochastic one
 * @param solverOrder 1 or 2, for the multistep samplers
 * @param lowerOrderFinal make the last step of runs below 15 steps a first-order one
 * @param finalSigmasType noise level at the end: none, or the lowest of training
 * @param clipSample clip DDIM's and DDPM's predicted picture
 * @param clipSampleRange to plus and minus this
 * @param setAlphaToOne end DDIM at no noise rather than at the lowest of training
 * @param varianceType which of DDPM's two variances
 * @param sigmaMin EDM's least noise level, above 0; this and what follows is in files of
 *     EDMDPMSolverMultistepScheduler only
 * @param sigmaMax EDM's greatest noise level, above the least
 * @param sigmaData the standard deviation of what EDM's model was trained on, above 0
 * @param sigmaSchedule how EDM's noise levels are spread between these two
 * @param rho how dense EDM's noise levels are at the low end; 7 in the paper
 */
public record SchedulerConfig(
    String className,
    int numTrainTimesteps,
    double betaStart,
    double betaEnd,
    BetaSchedule betaSchedule,
    PredictionType predictionType,
    TimestepSpacing timestepSpacing,
    int stepsOffset,
    boolean useKarrasSigmas,
    AlgorithmType algorithmType,
    int solverOrder,
    boolean lowerOrderFinal,
    FinalSigmasType finalSigmasType,
    boolean clipSample,
    double clipSampleRange,
    boolean setAlphaToOne,
    VarianceType varianceType,
    double sigmaMin,
    double sigmaMax,
    double sigmaData,
    SigmaSchedule sigmaSchedule,
    double rho) {

  /**
   * How the betas grow: linearly, their square roots linearly (latent diffusion), or so that what
   * is left of the picture falls as a squared cosine (Nichol and Dhariwal 2021, arXiv:2102.09672),
   * which needs neither start nor end.
   */
  public enum BetaSchedule {
    LINEAR,
    SCALED_LINEAR,
    SQUAREDCOS_CAP_V2
  }

  /** What the model predicts: the noise, the velocity (Salimans and Ho 2022), or the picture. */
  public enum PredictionType {
    EPSILON,
    V_PREDICTION,
    SAMPLE
  }

  /** Lin et al. 2023, table 2. */
  public enum TimestepSpacing {
    LEADING,
    LINSPACE,
    TRAILING
  }

  /** {@code dpmsolver++} and {@code sde-dpmsolver++}. */
  public enum AlgorithmType {
    DPMSOLVER_PLUS_PLUS,
    SDE_DPMSOLVER_PLUS_PLUS
  }

  /** The noise level at which the last step ends. */
  public enum FinalSigmasType {
    ZERO,
    SIGMA_MIN
  }

  /** DDPM's variance: the posterior's, or beta. */
  public enum VarianceType {
    FIXED_SMALL,
    FIXED_LARGE
  }

  /** EDM's noise levels: as Karras et al. 2022 space them, or each the same part of the last. */
  public enum SigmaSchedule {
    KARRAS,
    EXPONENTIAL
  }

  private static final String EDM = "EDMDPMSolverMultistepScheduler";

  /** Options that EDM has alone: to the other samplers they would say something else. */
  private static final Set<String> OF_EDM =
      Set.of("sigma_min", "sigma_max", "sigma_data", "sigma_schedule", "rho");

  private static final int LARGEST_FILE = 1 << 20;

  /** Keys of diffusers' that change nothing as long as the options above are what they are. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "dynamic_thresholding_ratio",
          "sample_max_value",
          "flow_shift",
          "time_shift_type",
          "lambda_min_clipped",
          "skip_prk_steps");

  /** Keys of which one choice is supported, see {@link Reader#refuseWhatWeLack()}. */
  private static final Set<String> ONE_VALUE =
      Set.of("interpolation_type", "timestep_type", "solver_type", "predict_x0");

  /** The published configuration of Kolors. */
  public static SchedulerConfig kolors() {
    return parse(
        """
        {"_class_name": "EulerDiscreteScheduler", "beta_end": 0.014, "beta_schedule": "scaled_linear",
         "beta_start": 0.00085, "num_train_timesteps": 1100, "prediction_type": "epsilon",
         "steps_offset": 1, "timestep_spacing": "leading"}
        """);
  }

  /**
   * Reads a {@code scheduler_config.json}.
   *
   * @throws IllegalArgumentException if it is not JSON, or a value is unknown or not supported; the
   *     message names file and key
   * @throws IOException if it cannot be read
   */
  public static SchedulerConfig read(Path file) throws IOException {
    try {
      return parse(ForeignFile.text(file, LARGEST_FILE));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses the text of a {@code scheduler_config.json}.
   *
   * @throws IllegalArgumentException if it is not a JSON object, or a value is unknown or not
   *     supported; the message names the key
   */
  public static SchedulerConfig parse(String json) {
    JsonElement root;
    try {
      root = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          "The scheduler configuration is not JSON: " + e.getMessage());
    }
    if (!root.isJsonObject()) {
      throw new IllegalArgumentException("The scheduler configuration must be a JSON object.");
    }
    return new Reader(root.getAsJsonObject()).read();
  }

  /**
   * This configuration with one value changed, by diffusers' own key: {@code
   * config.with("use_karras_sigmas", true)}.
   *
   * @param key a key of {@code scheduler_config.json}
   * @param value a String, Number or Boolean
   * @throws IllegalArgumentException if the key or the value is unknown
   */
  public SchedulerConfig with(String key, Object value) {
    JsonObject json = toJson();
    if (!json.has(key)) {
      throw new IllegalArgumentException(
          "A scheduler configuration has no '%s'; it has %s."
              .formatted(key, String.join(", ", json.keySet())));
    }
    if (value instanceof Boolean truth) {
      json.addProperty(key, truth);
    } else if (value instanceof Number number) {
      json.addProperty(key, number);
    } else {
      json.addProperty(key, String.valueOf(value));
    }
    return new Reader(json).read();
  }

  /** The content of a {@code scheduler_config.json}, which {@link #parse} reads back. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("_class_name", className);
    json.addProperty("num_train_timesteps", numTrainTimesteps);
    json.addProperty("beta_start", betaStart);
    json.addProperty("beta_end", betaEnd);
    json.addProperty("beta_schedule", jsonName(betaSchedule));
    json.addProperty("prediction_type", jsonName(predictionType));
    json.addProperty("timestep_spacing", jsonName(timestepSpacing));
    json.addProperty("steps_offset", stepsOffset);
    json.addProperty("use_karras_sigmas", useKarrasSigmas);
    json.addProperty("algorithm_type", jsonName(algorithmType));
    json.addProperty("solver_order", solverOrder);
    json.addProperty("lower_order_final", lowerOrderFinal);
    json.addProperty("final_sigmas_type", jsonName(finalSigmasType));
    json.addProperty("clip_sample", clipSample);
    json.addProperty("clip_sample_range", clipSampleRange);
    json.addProperty("set_alpha_to_one", setAlphaToOne);
    json.addProperty("variance_type", jsonName(varianceType));
    if (className.equals(EDM)) {
      json.addProperty("sigma_min", sigmaMin);
      json.addProperty("sigma_max", sigmaMax);
      json.addProperty("sigma_data", sigmaData);
      json.addProperty("sigma_schedule", jsonName(sigmaSchedule));
      json.addProperty("rho", rho);
    }
    return json;
  }

  /** Ends the noise levels: none left, or the lowest of training. */
  float finalSigma(NoiseSchedule noiseSchedule) {
    return finalSigmasType == FinalSigmasType.ZERO ? 0f : noiseSchedule.sigma(0);
  }

  private static String jsonName(Enum<?> constant) {
    return constant
        .name()
        .toLowerCase(Locale.ROOT)
        .replace("sde_", "sde-")
        .replace("_plus_plus", "++");
  }

  /** Reads one JSON object, key by key. */
  private record Reader(JsonObject json) {

    SchedulerConfig read() {
      refuseWhatWeLack();
      String className = text("_class_name", "EulerDiscreteScheduler");
      boolean ddimOrDdpm = className.startsWith("DDIM") || className.startsWith("DDPM");
      SchedulerConfig config =
          new SchedulerConfig(
              className,
              (int) number("num_train_timesteps", 1000, 1, 1_000_000, true),
              number("beta_start", 0.0001, 0, 1, false),
              number("beta_end", 0.02, 0, 1, false),
              choice("beta_schedule", BetaSchedule.LINEAR),
              choice("prediction_type", PredictionType.EPSILON),
              choice(
                  "timestep_spacing",
                  ddimOrDdpm ? TimestepSpacing.LEADING : TimestepSpacing.LINSPACE),
              (int) number("steps_offset", 0, 0, 1_000_000, true),
              flag("use_karras_sigmas", false),
              text("algorithm_type", "").equals("deis")
                  ? AlgorithmType.DPMSOLVER_PLUS_PLUS
                  : choice("algorithm_type", AlgorithmType.DPMSOLVER_PLUS_PLUS),
              (int) number("solver_order", 2, 1, 2, true),
              flag("lower_order_final", true),
              choice("final_sigmas_type", FinalSigmasType.ZERO),
              flag("clip_sample", false),
              number("clip_sample_range", 1.0, 0, Double.MAX_VALUE, false),
              flag("set_alpha_to_one", false),
              choice("variance_type", VarianceType.FIXED_SMALL),
              number("sigma_min", 0.002, 0, Float.MAX_VALUE, false),
              number("sigma_max", 80.0, 0, Float.MAX_VALUE, false),
              number("sigma_data", 0.5, 0, Float.MAX_VALUE, false),
              choice("sigma_schedule", SigmaSchedule.KARRAS),
              number("rho", 7.0, 0, 1000, false));
      if (config.betaStart >= config.betaEnd || config.betaStart <= 0 || config.betaEnd >= 1) {
        throw new IllegalArgumentException(
            "'beta_start' and 'beta_end' must grow within (0, 1); they are %s and %s."
                .formatted(config.betaStart, config.betaEnd));
      }
      if (config.sigmaMin <= 0 || config.sigmaMin >= config.sigmaMax) {
        throw new IllegalArgumentException(
            "'sigma_min' and 'sigma_max' must be above 0 and grow; they are %s and %s."
                .formatted(config.sigmaMin, config.sigmaMax));
      }
      if (config.sigmaData <= 0 || config.rho <= 0) {
        throw new IllegalArgumentException(
            "'sigma_data' and 'rho' must be above 0; they are %s and %s."
                .formatted(config.sigmaData, config.rho));
      }
      if (config.stepsOffset >= config.numTrainTimesteps) {
        throw new IllegalArgumentException(
            "'steps_offset' is %d, but must be less than 'num_train_timesteps', which is %d."
                .formatted(config.stepsOffset, config.numTrainTimesteps));
      }
      return config;
    }

    /** A few options have one value that we do have; anything unknown must be off. */
    private void refuseWhatWeLack() {
      requireOneOf("interpolation_type", "linear");
      requireOneOf("timestep_type", "discrete");
      requireOneOf("solver_type", "midpoint", "bh2", "logrho");
      if (isSet("predict_x0") && !flag("predict_x0", true)) {
        throw unsupported("predict_x0", json.get("predict_x0"), "true");
      }
      Set<String> known =
          Stream.of(SchedulerConfig.class.getRecordComponents())
              .map(option -> snakeCase(option.getName()))
              .collect(Collectors.toSet());
      if (!text("_class_name", "").equals(EDM)) {
        known.removeAll(OF_EDM);
      }
      known.addAll(WITHOUT_EFFECT);
      known.addAll(ONE_VALUE);
      for (String key : json.keySet()) {
        JsonElement value = json.get(key);
        boolean off =
            value.isJsonNull()
                || value.equals(new JsonPrimitive(false))
                || (value.isJsonArray() && value.getAsJsonArray().isEmpty());
        if (!off && !key.startsWith("_") && !known.contains(key)) {
          throw new IllegalArgumentException(
              "'%s' is %s: this option is not supported. Remove it, or set it to false, if the model was trained without it."
                  .formatted(key, shortened(value)));
        }
      }
    }

    private static String snakeCase(String camelCase) {
      return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private boolean isSet(String key) {
      return json.has(key) && !json.get(key).isJsonNull();
    }

    private void requireOneOf(String key, String... supported) {
      if (isSet(key) && !List.of(supported).contains(text(key, ""))) {
        throw unsupported(key, json.get(key), String.join(", ", supported));
      }
    }

    private <E extends Enum<E>> E choice(String key, E otherwise) {
      if (!isSet(key)) {
        return otherwise;
      }
      List<String> names = new ArrayList<>();
      for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
        if (jsonName(constant).equals(text(key, ""))) {
          return constant;
        }
        names.add(jsonName(constant));
      }
      throw unsupported(key, json.get(key), String.join(", ", names));
    }

    private String text(String key, String otherwise) {
      return isSet(key) ? primitive(key).getAsString() : otherwise;
    }

    private boolean flag(String key, boolean otherwise) {
      if (!isSet(key)) {
        return otherwise;
      }
      if (!primitive(key).isBoolean()) {
        throw unsupported(key, json.get(key), "true, false");
      }
      return json.get(key).getAsBoolean();
    }

    private double number(String key, double otherwise, double min, double max, boolean whole) {
      if (!isSet(key)) {
        return otherwise;
      }
      String range =
          (whole ? "whole numbers" : "numbers") + " from " + (long) min + " to " + (long) max;
      if (!primitive(key).isNumber()) {
        throw unsupported(key, json.get(key), range);
      }
      double number = json.get(key).getAsDouble();
      if (!(number >= min && number <= max) || (whole && number != Math.rint(number))) {
        throw unsupported(key, json.get(key), range);
      }
      return number;
    }

    private JsonPrimitive primitive(String key) {
      if (!json.get(key).isJsonPrimitive()) {
        throw unsupported(key, json.get(key), "a single value");
      }
      return json.get(key).getAsJsonPrimitive();
    }

    private static IllegalArgumentException unsupported(
        String key, JsonElement value, String supported) {
      return new IllegalArgumentException(
          "'%s' is %s, which is not supported; supported: %s."
              .formatted(key, shortened(value), supported));
    }

    private static String shortened(JsonElement value) {
      String text = value.toString();
      return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
  }
}
