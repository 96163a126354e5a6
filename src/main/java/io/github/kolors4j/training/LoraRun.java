package io.github.kolors4j.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * What a training left.
 *
 * @param checkpoint the newest checkpoint, {@code …/checkpoints/epoch=E-step=S.ckpt}: the adapter
 *     alone, under DiffSynth-Studio's names, readable by torch; a new word's is a {@code
 *     .safetensors}, a hypernetwork's a {@code .pt}
 * @param folder {@code lightning_logs/version_N}, with {@code hparams.yaml} and {@code metrics.csv}
 *     and TensorBoard's event files; what {@link LoraTraining#resume(Path)} takes
 * @param finished false if it was stopped before its last step
 * @param steps made in all, before and after interruptions
 * @param losses of each step
 * @param validationLosses by the number of steps made before
 * @param lossTable one row a step: step, epoch, train_loss, val_loss, learning_rate
 */
public record LoraRun(
    Path checkpoint,
    Path folder,
    boolean finished,
    long steps,
    List<Float> losses,
    Map<Long, Float> validationLosses,
    Table lossTable) {

  /** The text encoder's adapter beside the checkpoint, if it was trained. */
  public Optional<Path> textEncoderCheckpoint() {
    Path file = RunFolder.textEncoder(checkpoint);
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** A run that was stopped says how to go on with it. */
  @Override
  public String toString() {
    String text =
        "%s after %d steps: %s".formatted(finished ? "Finished" : "Stopped", steps, checkpoint);
    return finished
        ? text
        : text
            + "\n接着训练：同样的设置加上 .resume(true) 再 train()。"
            + "(To go on: the same settings with .resume(true), and train() again.)";
  }
}
