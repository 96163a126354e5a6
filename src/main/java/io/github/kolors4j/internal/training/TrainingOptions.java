package io.github.kolors4j.internal.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.dataset.CaptionSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values that one training has of the options in {@link TrainingTable}. Immutable. */
public final class TrainingOptions {
  private final Map<TrainingOption<?>, Object> given;
  private final double usualRate;

  private TrainingOptions(Map<TrainingOption<?>, Object> given, double usualRate) {
    this.given = given;
    this.usualRate = usualRate;
  }

  /**
   * Every option with its usual value.
   *
   * @param rate the learning rate if none is given
   */
  public static TrainingOptions usual(double rate) {
    return new TrainingOptions(Map.of(), rate);
  }

  /** The value of an option. */
  @SuppressWarnings("unchecked") // with() puts nothing else
  public <T> T get(TrainingOption<T> option) {
    return (T) given.getOrDefault(option, option.usual());
  }

  /**
   * The same with another value of an option.
   *
   * @throws IllegalArgumentException naming the option if the value is out of range
   */
  public <T> TrainingOptions with(TrainingOption<T> option, T value) {
    option.check(value);
    Map<TrainingOption<?>, Object> changed = new LinkedHashMap<>(given);
    changed.put(option, value instanceof List<?> list ? List.copyOf(list) : value);
    return new TrainingOptions(changed, usualRate);
  }

  /**
   * The same with other values.
   *
   * @param values by the options' names, as text or as {@code hparams.yaml} has them
   * @throws IllegalArgumentException naming what is no option or out of range
   */
  public TrainingOptions with(Map<String, ?> values) {
    TrainingOptions changed = this;
    for (Map.Entry<String, ?> entry : values.entrySet()) {
      TrainingOption<?> option =
          ROWS.stream()
              .filter(row -> row.name().equals(entry.getKey()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "There is no option %s: docs/training.md has a table of all."
                              .formatted(entry.getKey())));
      changed = changed.read(option, String.valueOf(entry.getValue()));
    }
    return changed;
  }

  private <T> TrainingOptions read(TrainingOption<T> option, String text) {
    return with(option, option.read(text));
  }

  /**
   * These options.
   *
   * @throws IllegalArgumentException naming the first one that makes no sense beside the others
   * @throws io.github.kolors4j.dataset.DatasetException if no encoding has the captions' name
   */
  public TrainingOptions checked() {
    captions();
    if (get(VALIDATE_EVERY) > 0 && get(HELD_BACK) == 0) {
      throw new IllegalArgumentException(
          "held_back is 0, but must be 1 or more to validate every %d steps."
              .formatted(get(VALIDATE_EVERY)));
    }
    return this;
  }

  /**
   * What a training needs besides: a data set, and crops in the middle to be as in the course.
   *
   * @throws IllegalArgumentException if it is not there
   */
  public void requireComplete() {
    if (!given.containsKey(DATASET_PATH)) {
      throw new IllegalArgumentException(
          "No data set is given: say which with dataset(Path.of(\"data/lora_dataset_processed\")).");
    }
    if (get(AS_IN_THE_COURSE) && (!get(CENTER_CROP) || get(ENABLE_BUCKET))) {
      throw new IllegalArgumentException(
          "as_in_the_course is true, but must be with center_crop and without enable_bucket: other crops are drawn once here, and anew at each step there.");
    }
  }

  /** Where the captions are, and how they are written. */
  public CaptionSource captions() {
    CaptionSource captions =
        CaptionSource.USUAL.column(get(CAPTION_COLUMN)).encoding(get(CAPTION_ENCODING));
    String extension = get(CAPTION_EXTENSION);
    return extension.isEmpty() ? captions : captions.extension(extension);
  }

  /** Steps of an epoch: batches, as many together as are accumulated; the last may have fewer. */
  public long updatesPerEpoch() {
    long accumulated = get(ACCUMULATE_GRAD_BATCHES);
    return (get(STEPS_PER_EPOCH) + accumulated - 1) / accumulated;
  }

  /** Steps of the whole training. */
  public long updates() {
    return get(MAX_EPOCHS) * updatesPerEpoch();
  }

  /** Checkpoints of the whole training, at most. */
  public long checkpoints() {
    long every = get(CHECKPOINT_EVERY);
    return get(MAX_EPOCHS) + (every > 0 ? updates() / every : 0);
  }

  /** The highest learning rate. Prodigy finds its own and only takes a factor. */
  public double learningRate() {
    double usual = get(OPTIMIZER).equals("Prodigy") ? 1 : usualRate;
    return given.containsKey(LEARNING_RATE) ? get(LEARNING_RATE) : usual;
  }

  /** The learning rate of each step. */
  public LearningRate learningRates() {
    double highest = learningRate();
    LearningRate rates =
        switch (get(LR_SCHEDULER)) {
          case "linear" -> LearningRate.linear(highest, updates());
          case "cosine" -> LearningRate.cosine(highest, updates());
          default -> LearningRate.constant(highest);
        };
    long warmUp = get(LR_WARMUP_STEPS);
    return warmUp > 0 ? rates.warmUp(warmUp) : rates;
  }

  /**
   * Everything that decides what a training computes, as {@code hparams.yaml} has it. Two runs with
   * the same values give the same losses.
   *
   * @param model which learns
   */
  public Map<String, Object> hyperparameters(String model) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pretrained_model", model);
    for (TrainingOption<?> option : ROWS) {
      values.put(option.name(), TrainingOption.written(get(option)));
    }
    values.put(LEARNING_RATE.name(), learningRate());
    CaptionSource captions = captions();
    values.put(CAPTION_EXTENSION.name(), String.join(",", captions.extensions()));
    values.put(CAPTION_ENCODING.name(), captions.encoding().name());
    List.of(OUTPUT_PATH, CHECKPOINT_EVERY, RESUME).forEach(option -> values.remove(option.name()));
    if (captions.equals(CaptionSource.USUAL)) {
      List.of(CAPTION_COLUMN, CAPTION_EXTENSION, CAPTION_ENCODING)
          .forEach(option -> values.remove(option.name()));
    }
    if (!get(AS_IN_THE_COURSE)) {
      values.remove(AS_IN_THE_COURSE.name());
    }
    return values;
  }
}
