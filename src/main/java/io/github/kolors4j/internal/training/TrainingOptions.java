package io.github.kolors4j.internal.training;

import io.github.kolors4j.dataset.CaptionSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The options of LoRA training: first the table of all that there are, then the values that one
 * training has.
 *
 * <p>The table is the one place where an option's name, default, range and meaning stand: {@code
 * hparams.yaml}, the flags of {@code train-lora} and the table in {@code docs/training.md} come
 * from it, and each method of {@code LoraTraining} sets one row.
 *
 * <p>Immutable.
 */
public final class TrainingOptions {
  private static final List<TrainingOption<?>> TABLE = new ArrayList<>();

  private static final Predicate<Double> FINITE = Double::isFinite;

  public static final TrainingOption<Path> DATASET_PATH =
      row(
          "dataset_path",
          Path.class,
          Path.of(""),
          folder -> !folder.toString().isBlank(),
          "the folder of the pictures; . is this folder",
          "The picture set: train/metadata.csv (file_name,text) and its pictures.");
  public static final TrainingOption<String> CAPTION_COLUMN =
      text(
          "caption_column",
          "text",
          "The column of metadata.csv, or key of metadata.jsonl, with the captions.");
  public static final TrainingOption<String> CAPTION_EXTENSION =
      text(
          "caption_extension",
          "",
          "The ending of files of captions beside pictures; otherwise .txt or .caption.");
  public static final TrainingOption<String> CAPTION_ENCODING =
      text("caption_encoding", "UTF-8", "The encoding of captions, such as GBK.");
  public static final TrainingOption<Integer> LORA_RANK =
      whole(
          "lora_rank",
          4,
          n -> n >= 1,
          "1 or more, usually 4 to 64",
          "Rows between the two matrices of a layer.");
  public static final TrainingOption<Double> LORA_ALPHA =
      number(
          "lora_alpha",
          4,
          FINITE,
          "a number, usually 1 to the rank",
          "The matrices count alpha / rank times.");
  public static final TrainingOption<List<String>> LORA_TARGET_MODULES =
      names(
          "lora_target_modules",
          List.of("to_q", "to_k", "to_v", "to_out"),
          "Ends of the names of the layers that get matrices.");
  public static final TrainingOption<Boolean> USE_DORA =
      flag("use_dora", "Train a length for each row of a weight, too (DoRA).");
  public static final TrainingOption<Boolean> TRAIN_TEXT_ENCODER =
      flag(
          "train_text_encoder",
          "Train adapters on the text encoder, too; it stays in memory then.");
  public static final TrainingOption<List<String>> TEXT_ENCODER_TARGET_MODULES =
      names(
          "text_encoder_target_modules",
          List.of("query_key_value"),
          "Ends of the names of its layers that get matrices.");
  public static final TrainingOption<Long> MAX_EPOCHS =
      count("max_epochs", 1, 1, "Epochs; a checkpoint is written after each.");
  public static final TrainingOption<Long> STEPS_PER_EPOCH =
      count("steps_per_epoch", 1, 500, "Batches of an epoch.");
  public static final TrainingOption<Integer> BATCH_SIZE =
      whole("batch_size", 1, n -> n >= 1, "1 or more", "Pictures of a batch.");
  public static final TrainingOption<Integer> ACCUMULATE_GRAD_BATCHES =
      whole(
          "accumulate_grad_batches",
          1,
          n -> n >= 1,
          "1 or more",
          "Batches whose gradients make one step.");
  public static final TrainingOption<Integer> HEIGHT =
      whole(
          "height",
          0,
          n -> n >= 0,
          "0 (what the model was made for) or more",
          "Height of the pictures; 0 for what the model was made for.");
  public static final TrainingOption<Integer> WIDTH =
      whole(
          "width",
          0,
          n -> n >= 0,
          "0 (what the model was made for) or more",
          "Width of the pictures; 0 likewise.");
  public static final TrainingOption<Boolean> CENTER_CROP =
      flag("center_crop", "Cut the middle out of pictures of another shape, not random places.");
  public static final TrainingOption<Boolean> RANDOM_FLIP =
      flag("random_flip", "Mirror every other picture, at random.");
  public static final TrainingOption<Boolean> ENABLE_BUCKET =
      flag(
          "enable_bucket",
          "Train each picture in a size of its own shape, of about the same area.");
  public static final TrainingOption<Integer> MIN_BUCKET_RESO =
      whole(
          "min_bucket_reso",
          0,
          n -> n >= 0,
          "0 or more",
          "The shortest side of these; 0 for a quarter of the size.");
  public static final TrainingOption<Integer> MAX_BUCKET_RESO =
      whole(
          "max_bucket_reso",
          0,
          n -> n >= 0,
          "0 or more",
          "The longest side of these; 0 for twice the size.");
  public static final TrainingOption<Integer> BUCKET_RESO_STEPS =
      whole(
          "bucket_reso_steps",
          0,
          n -> n >= 0,
          "0 or more",
          "Their sides are multiples of this; 0 for a sixteenth of the size.");
  public static final TrainingOption<String> OPTIMIZER =
      oneOf("optimizer", List.of("AdamW", "AdamW8bit", "Prodigy"), "AdamW, AdamW8bit or Prodigy.");
  public static final TrainingOption<Double> LEARNING_RATE =
      number(
          "learning_rate",
          Double.NaN,
          rate -> rate > 0 && Double.isFinite(rate),
          "above 0",
          "The learning rate: 1e-4 if not given, with Prodigy a factor of 1.");
  public static final TrainingOption<String> LR_SCHEDULER =
      oneOf(
          "lr_scheduler",
          List.of("constant", "linear", "cosine"),
          "How the rate changes: constant, linear or cosine.");
  public static final TrainingOption<Long> LR_WARMUP_STEPS =
      count("lr_warmup_steps", 0, 0, "Steps in which the rate rises from 0.");
  public static final TrainingOption<Double> WEIGHT_DECAY =
      number("weight_decay", 0.01, x -> x >= 0, "0 or more", "The optimizer's weight decay.");
  public static final TrainingOption<Double> GRADIENT_CLIP_NORM =
      number(
          "gradient_clip_norm",
          Double.POSITIVE_INFINITY,
          x -> x > 0,
          "above 0",
          "Limit of the norm of all gradients.");
  public static final TrainingOption<Double> CAPTION_DROPOUT =
      number(
          "caption_dropout",
          0,
          x -> x >= 0 && x <= 1,
          "0 to 1",
          "Share of captions replaced by none.");
  public static final TrainingOption<Boolean> SHUFFLE_CAPTION =
      flag("shuffle_caption", "Train captions with their parts in different orders.");
  public static final TrainingOption<Integer> KEEP_TOKENS =
      whole(
          "keep_tokens",
          0,
          n -> n >= 0,
          "0 or more",
          "How many parts stay at a caption's start then.");
  public static final TrainingOption<String> CAPTION_SEPARATOR =
      row(
          "caption_separator",
          String.class,
          ",",
          separator -> !separator.isEmpty(),
          "what stands between a caption's parts, such as , or ，",
          "What stands between a caption's parts.");
  public static final TrainingOption<Double> NOISE_OFFSET =
      number(
          "noise_offset",
          0,
          x -> x >= 0 && Double.isFinite(x),
          "0 or more, usually 0.05 to 0.1",
          "Lighter and darker noise, for very light and dark pictures; usually 0.05.");
  public static final TrainingOption<Double> EMA_DECAY =
      number(
          "ema_decay",
          0,
          x -> x >= 0 && x < 1,
          "0 (no average) or more and below 1, usually 0.99 to 0.9999",
          "Keep a moving average of the adapter, usually 0.99 to 0.9999; 0 for none.");
  public static final TrainingOption<Boolean> USE_GRADIENT_CHECKPOINTING =
      flag(
          "use_gradient_checkpointing",
          "Less memory, a third more time; the results are the same.");
  public static final TrainingOption<String> PRECISION =
      oneOf(
          "precision",
          List.of("32", "16", "16-mixed", "bf16", "bf16-mixed"),
          "32, 16, 16-mixed, bf16 or bf16-mixed; 16 is float16 with a scaled loss on a GPU, and bf16 on a CPU.");
  public static final TrainingOption<String> LOSS_WEIGHTING =
      row(
          "loss_weighting",
          String.class,
          "uniform",
          weighting -> weighting.matches("uniform|debiased|min_snr \\S+"),
          "uniform, debiased or min_snr GAMMA",
          "How much each timestep's loss counts: uniform, debiased or \"min_snr GAMMA\".");
  public static final TrainingOption<Long> SEED =
      row("seed", Long.class, 0L, n -> true, "", "The same seed gives the same training.");
  public static final TrainingOption<Boolean> AS_IN_THE_COURSE =
      flag(
          "as_in_the_course",
          "Draw random numbers in the order of the course's trainer; needs --center_crop.");
  public static final TrainingOption<Long> VALIDATE_EVERY =
      count(
          "validate_every",
          0,
          0,
          "Compute the loss on held-back pictures every so many steps; 0 for never.");
  public static final TrainingOption<Integer> HELD_BACK =
      whole("held_back", 4, n -> n >= 0, "0 or more", "How many pictures are held back for that.");

  // What changes nothing in what is learned, so that it is not in hparams.yaml:

  public static final TrainingOption<Path> OUTPUT_PATH =
      row(
          "output_path",
          Path.class,
          Path.of("models"),
          folder -> true,
          "",
          "Where lightning_logs/version_N/checkpoints is made.");
  public static final TrainingOption<Long> CHECKPOINT_EVERY =
      count(
          "checkpoint_every",
          0,
          100,
          "Checkpoints every so many steps besides those after each epoch; 0 for none.");
  public static final TrainingOption<Boolean> RESUME =
      flag("resume", "Go on with the newest run of the output folder if it was interrupted.");

  private static final Set<TrainingOption<?>> ASIDE = Set.of(OUTPUT_PATH, CHECKPOINT_EVERY, RESUME);

  /** Every option with its usual value. */
  public static final TrainingOptions USUAL = new TrainingOptions(Map.of());

  private static <T> TrainingOption<T> row(
      String name,
      Class<? super T> type,
      T usual,
      Predicate<T> fits,
      String expected,
      String meaning) {
    TrainingOption<T> option = new TrainingOption<>(name, type, usual, fits, expected, meaning);
    TABLE.add(option);
    return option;
  }

  private static TrainingOption<Integer> whole(
      String name, int usual, Predicate<Integer> fits, String expected, String meaning) {
    return row(name, Integer.class, usual, fits, expected, meaning);
  }

  private static TrainingOption<Long> count(String name, long least, long usual, String meaning) {
    return row(name, Long.class, usual, n -> n >= least, least + " or more", meaning);
  }

  private static TrainingOption<Double> number(
      String name, double usual, Predicate<Double> fits, String expected, String meaning) {
    return row(name, Double.class, usual, fits, expected, meaning);
  }

  private static TrainingOption<Boolean> flag(String name, String meaning) {
    return row(name, Boolean.class, false, b -> true, "true or false", meaning);
  }

  private static TrainingOption<String> text(String name, String usual, String meaning) {
    return row(name, String.class, usual, text -> true, "", meaning);
  }

  private static TrainingOption<String> oneOf(String name, List<String> names, String meaning) {
    return row(name, String.class, names.get(0), names::contains, "one of " + names, meaning);
  }

  private static TrainingOption<List<String>> names(
      String name, List<String> usual, String meaning) {
    return row(name, List.class, usual, names -> !names.isEmpty(), "not empty", meaning);
  }

  /** All options, in the order of {@code hparams.yaml}. */
  public static List<TrainingOption<?>> table() {
    return List.copyOf(TABLE);
  }

  private final Map<TrainingOption<?>, Object> given;

  private TrainingOptions(Map<TrainingOption<?>, Object> given) {
    this.given = given;
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
    return new TrainingOptions(changed);
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
          TABLE.stream()
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
    double usual = get(OPTIMIZER).equals("Prodigy") ? 1 : 1e-4;
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
    for (TrainingOption<?> option : TABLE) {
      values.put(option.name(), TrainingOption.written(get(option)));
    }
    values.put(LEARNING_RATE.name(), learningRate());
    CaptionSource captions = captions();
    values.put(CAPTION_EXTENSION.name(), String.join(",", captions.extensions()));
    values.put(CAPTION_ENCODING.name(), captions.encoding().name());
    ASIDE.forEach(option -> values.remove(option.name()));
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
