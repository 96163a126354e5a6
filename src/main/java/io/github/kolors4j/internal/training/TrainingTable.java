package io.github.kolors4j.internal.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The options of LoRA training: the one place where an option's name, default, range and meaning
 * stand. {@code hparams.yaml}, the flags of {@code train-lora} and the table in {@code
 * docs/training.md} come from it, and each method of {@code LoraTraining} sets one row.
 *
 * <p>A list of constants; nothing implements it.
 */
public interface TrainingTable {
  /** All rows, in the order of {@code hparams.yaml}. */
  List<TrainingOption<?>> ROWS = new ArrayList<>();

  /** The optimizers' names, as {@link Optimizer#of} knows them. */
  List<String> OPTIMIZERS = List.of("AdamW", "AdamW8bit", "Prodigy", "Muon");

  TrainingOption<Path> DATASET_PATH =
      row(
          "dataset_path",
          Path.of(""),
          folder -> !folder.toString().isBlank(),
          "the folder of the pictures; . is this folder",
          "The picture set: train/metadata.csv (file_name,text) and its pictures.");
  TrainingOption<String> CAPTION_COLUMN =
      text(
          "caption_column",
          "text",
          "The column of metadata.csv, or key of metadata.jsonl, with the captions.");
  TrainingOption<String> CAPTION_EXTENSION =
      text(
          "caption_extension",
          "",
          "The ending of files of captions beside pictures; otherwise .txt or .caption.");
  TrainingOption<String> CAPTION_ENCODING =
      text("caption_encoding", "UTF-8", "The encoding of captions, such as GBK.");
  TrainingOption<Integer> LORA_RANK =
      row(
          "lora_rank",
          4,
          rank -> rank >= 1,
          "1 or more, usually 4 to 64",
          "Rows between the two matrices of a layer.");
  TrainingOption<Double> LORA_ALPHA =
      row(
          "lora_alpha",
          4.0,
          Double::isFinite,
          "a number, usually 1 to the rank",
          "The matrices count alpha / rank times.");
  TrainingOption<Double> LORA_ALPHA_MIN =
      amount(
          "lora_alpha_min",
          "0, or a number up to lora_alpha",
          "Each batch has an alpha drawn between this and lora_alpha, so that the LoRA is right with"
              + " less, too; 0 for always lora_alpha.");
  TrainingOption<List<String>> LORA_TARGET_MODULES =
      names(
          "lora_target_modules",
          List.of("to_q", "to_k", "to_v", "to_out"),
          "Ends of the names of the layers that get matrices.");
  TrainingOption<Boolean> USE_DORA =
      flag("use_dora", "Train a length for each row of a weight, too (DoRA).");
  TrainingOption<Boolean> TRAIN_TEXT_ENCODER =
      flag(
          "train_text_encoder",
          "Train adapters on the text encoder, too; it stays in memory then.");
  TrainingOption<List<String>> TEXT_ENCODER_TARGET_MODULES =
      names(
          "text_encoder_target_modules",
          List.of("query_key_value"),
          "Ends of the names of its layers that get matrices.");
  TrainingOption<Long> MAX_EPOCHS =
      steps("max_epochs", 1, 1, "Epochs; a checkpoint is written after each.");
  TrainingOption<Long> STEPS_PER_EPOCH = steps("steps_per_epoch", 500, 1, "Batches of an epoch.");
  TrainingOption<Integer> BATCH_SIZE = count("batch_size", 1, 1, "Pictures of a batch.");
  TrainingOption<Integer> ACCUMULATE_GRAD_BATCHES =
      count("accumulate_grad_batches", 1, 1, "Batches whose gradients make one step.");
  TrainingOption<Integer> HEIGHT =
      side("height", "Height of the pictures; 0 for what the model was made for.");
  TrainingOption<Integer> WIDTH = side("width", "Width of the pictures; 0 likewise.");
  TrainingOption<Boolean> CENTER_CROP =
      flag("center_crop", "Cut the middle out of pictures of another shape, not random places.");
  TrainingOption<Boolean> RANDOM_FLIP =
      flag("random_flip", "Mirror every other picture, at random.");
  TrainingOption<Boolean> ENABLE_BUCKET =
      flag(
          "enable_bucket",
          "Train each picture in a size of its own shape, of about the same area.");
  TrainingOption<Integer> MIN_BUCKET_RESO =
      count("min_bucket_reso", 0, 0, "The shortest side of these; 0 for a quarter of the size.");
  TrainingOption<Integer> MAX_BUCKET_RESO =
      count("max_bucket_reso", 0, 0, "The longest side of these; 0 for twice the size.");
  TrainingOption<Integer> BUCKET_RESO_STEPS =
      count(
          "bucket_reso_steps",
          0,
          0,
          "Their sides are multiples of this; 0 for a sixteenth of the size.");
  TrainingOption<String> OPTIMIZER =
      oneOf("optimizer", OPTIMIZERS, "AdamW, AdamW8bit, Prodigy or Muon.");
  TrainingOption<Double> LEARNING_RATE =
      row(
          "learning_rate",
          Double.NaN,
          rate -> rate > 0 && Double.isFinite(rate),
          "above 0",
          "The learning rate: 1e-4 if not given, with Prodigy a factor of 1.");
  TrainingOption<String> LR_SCHEDULER =
      oneOf("lr_scheduler", List.of("constant", "linear", "cosine"), "constant, linear or cosine.");
  TrainingOption<Long> LR_WARMUP_STEPS =
      steps("lr_warmup_steps", 0, 0, "Steps in which the rate rises from 0.");
  TrainingOption<Double> WEIGHT_DECAY =
      row("weight_decay", 0.01, x -> x >= 0, "0 or more", "The optimizer's weight decay.");
  TrainingOption<Double> GRADIENT_CLIP_NORM =
      row(
          "gradient_clip_norm",
          Double.POSITIVE_INFINITY,
          limit -> limit > 0,
          "above 0",
          "Limit of the norm of all gradients.");
  TrainingOption<Double> CAPTION_DROPOUT =
      row(
          "caption_dropout",
          0.0,
          share -> share >= 0 && share <= 1,
          "0 to 1",
          "Share of captions replaced by none.");
  TrainingOption<String> CAPTION_DROPOUT_TEXT =
      text(
          "caption_dropout_text",
          "",
          "What stands in their place, such as the negative prompt that pictures will be drawn with.");
  TrainingOption<Boolean> SHUFFLE_CAPTION =
      flag("shuffle_caption", "Train captions with their parts in different orders.");
  TrainingOption<Integer> KEEP_TOKENS =
      count("keep_tokens", 0, 0, "How many parts stay at a caption's start then.");
  TrainingOption<String> CAPTION_SEPARATOR =
      row(
          "caption_separator",
          ",",
          separator -> !separator.isEmpty(),
          "what stands between a caption's parts, such as , or ，",
          "What stands between a caption's parts.");
  TrainingOption<Double> NOISE_OFFSET =
      amount(
          "noise_offset",
          "0 or more, usually 0.05 to 0.1",
          "Lighter and darker noise, for very light and dark pictures; usually 0.05.");
  TrainingOption<Double> EMA_DECAY =
      row(
          "ema_decay",
          0.0,
          decay -> decay >= 0 && decay < 1,
          "0 (no average) or more and below 1, usually 0.99 to 0.9999",
          "Keep a moving average of the adapter, usually 0.99 to 0.9999; 0 for none.");
  TrainingOption<Boolean> USE_GRADIENT_CHECKPOINTING =
      flag(
          "use_gradient_checkpointing",
          "Less memory, a third more time; the results are the same.");
  TrainingOption<String> PRECISION =
      oneOf(
          "precision",
          List.of("32", "16", "16-mixed", "bf16", "bf16-mixed"),
          "32, 16, 16-mixed, bf16 or bf16-mixed; 16 is float16 with a scaled loss on a GPU, and bf16 on a CPU.");
  TrainingOption<String> LOSS_WEIGHTING =
      row(
          "loss_weighting",
          "uniform",
          weighting -> weighting.matches("uniform|debiased|min_snr [0-9.eE-]+"),
          "uniform, debiased or min_snr GAMMA",
          "How much each timestep's loss counts: uniform, debiased or \"min_snr GAMMA\".");
  TrainingOption<Long> SEED =
      row("seed", 0L, n -> true, "", "The same seed gives the same training.");
  TrainingOption<Boolean> AS_IN_THE_COURSE =
      flag(
          "as_in_the_course",
          "Draw random numbers in the order of the course's trainer; needs --center_crop.");
  TrainingOption<Long> VALIDATE_EVERY =
      steps(
          "validate_every",
          0,
          0,
          "Compute the loss on held-back pictures every so many steps; 0 for never.");
  TrainingOption<Integer> HELD_BACK =
      count("held_back", 4, 0, "How many pictures are held back for that.");

  // What changes nothing in what is learned, and is not in hparams.yaml:

  TrainingOption<Path> OUTPUT_PATH =
      row(
          "output_path",
          Path.of("models"),
          folder -> true,
          "",
          "Where lightning_logs/version_N/checkpoints is made.");
  TrainingOption<Long> CHECKPOINT_EVERY =
      steps("checkpoint_every", 100, 0, "Checkpoints besides those after each epoch; 0 for none.");
  TrainingOption<Boolean> RESUME =
      flag("resume", "Go on with the newest run of the output folder if it was interrupted.");

  private static <T> TrainingOption<T> row(
      String name, T usual, Predicate<T> fits, String expected, String meaning) {
    TrainingOption<T> option = new TrainingOption<>(name, usual, fits, expected, meaning);
    ROWS.add(option);
    return option;
  }

  private static TrainingOption<Integer> count(String name, int usual, int least, String meaning) {
    return row(name, usual, n -> n >= least, least + " or more", meaning);
  }

  /** 0, which is the usual one, or more. */
  private static TrainingOption<Double> amount(String name, String expected, String meaning) {
    return row(name, 0.0, n -> n >= 0 && Double.isFinite(n), expected, meaning);
  }

  private static TrainingOption<Integer> side(String name, String meaning) {
    return row(name, 0, n -> n >= 0, "0 (what the model was made for) or more", meaning);
  }

  private static TrainingOption<Long> steps(String name, long usual, long least, String meaning) {
    return row(name, usual, n -> n >= least, least + " or more", meaning);
  }

  private static TrainingOption<Boolean> flag(String name, String meaning) {
    return row(name, false, given -> true, "true or false", meaning);
  }

  private static TrainingOption<String> text(String name, String usual, String meaning) {
    return row(name, usual, given -> true, "", meaning);
  }

  /** The first of the names is the usual one. */
  private static TrainingOption<String> oneOf(String name, List<String> names, String meaning) {
    return row(name, names.get(0), names::contains, "one of " + names, meaning);
  }

  private static TrainingOption<List<String>> names(
      String name, List<String> usual, String meaning) {
    return row(name, usual, names -> !names.isEmpty(), "not empty", meaning);
  }
}
