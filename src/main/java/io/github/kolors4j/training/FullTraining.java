package io.github.kolors4j.training;

import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;

/**
 * Trains all of a Kolors' UNet, with nothing added to it (diffusers {@code
 * examples/text_to_image/train_text_to_image.py}): what a checkpoint is. The strongest of all
 * trainings and the largest: as many numbers learn as the UNet has, and the optimizer keeps two
 * more of each.
 *
 * <pre>{@code
 * LoraRun run =
 *     FullTraining.on(modelFolder)
 *         .dataset(Path.of("data/lora_dataset_processed"))
 *         .learningRate(1e-5)
 *         .train();
 * KolorsPipeline.load(modelFolder.withUnet(run.checkpoint()))
 * }</pre>
 *
 * <p>A checkpoint is a safetensors file with the whole UNet in float16 under diffusers' names. It
 * keeps no moving average, and computes in float32.
 *
 * <p>Immutable: each method returns a changed copy.
 */
public final class FullTraining extends Training<FullTraining> {
  /** As in diffusers' examples. */
  private static final double USUAL_RATE = 1e-5;

  private FullTraining(Settings settings) {
    super(settings);
  }

  /**
   * A training that starts from the model's own UNet.
   *
   * @param model whose files stay as they are
   */
  public static FullTraining on(ModelFolder model) {
    return new FullTraining(Settings.usual(model, USUAL_RATE));
  }

  /**
   * A training of the model in a folder of the published layout.
   *
   * @throws io.github.kolors4j.WeightsException if there is no such folder
   */
  public static FullTraining on(Path modelFolder) {
    return on(ModelFolder.of(modelFolder));
  }

  @Override
  FullTraining with(Settings changed) {
    return new FullTraining(changed);
  }

  @Override
  AdapterKind kind() {
    return new FullKind();
  }
}
