package io.github.kolors4j.training;

import io.github.kolors4j.internal.lora.HyperNetworkStructure;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a hypernetwork for a Kolors as the Stable Diffusion web UI does ({@code
 * modules/hypernetworks/hypernetwork.py}): for each width of what attention attends to, two small
 * networks that change it before keys and values are made; the model stays as it is.
 *
 * <pre>{@code
 * LoraRun run =
 *     HyperNetworkTraining.on(modelFolder)
 *         .layerStructure(1, 2, 1).activation("relu")
 *         .dataset(Path.of("data/lora_dataset_processed"))
 *         .train();
 * pipeline.add(HyperNetwork.of(run.checkpoint()).strength(0.8))
 * }</pre>
 *
 * <p>Weights start from N(0, 0.01), biases from zero. A checkpoint is the web UI's {@code .pt}
 * file.
 *
 * <p>Immutable: each method returns a changed copy.
 */
public final class HyperNetworkTraining extends Training<HyperNetworkTraining> {
  /** As in the web UI. */
  private static final double USUAL_RATE = 1e-5;

  private final HyperNetworkKind kind;

  private HyperNetworkTraining(Settings settings, HyperNetworkKind kind) {
    super(settings);
    this.kind = kind;
  }

  /**
   * A training with the defaults of the original: layers 1, 2, 1 without activation, layer norm and
   * dropout, for all widths.
   *
   * @param model which Kolors learns; its own weights stay as they are
   */
  public static HyperNetworkTraining on(ModelFolder model) {
    List<Double> multiples = List.of(1.0, 2.0, 1.0);
    HyperNetworkStructure structure =
        new HyperNetworkStructure(multiples, "linear", false, dropouts(multiples, false), false);
    return new HyperNetworkTraining(
        Settings.usual(model, USUAL_RATE), new HyperNetworkKind(structure, List.of()));
  }

  /**
   * A training of the model in a folder of the published layout.
   *
   * @throws io.github.kolors4j.WeightsException if there is no such folder
   */
  public static HyperNetworkTraining on(Path modelFolder) {
    return on(ModelFolder.of(modelFolder));
  }

  @Override
  HyperNetworkTraining with(Settings changed) {
    return new HyperNetworkTraining(changed, kind);
  }

  @Override
  AdapterKind kind() {
    return kind;
  }

  private HyperNetworkTraining with(
      List<Double> multiples, String activation, boolean layerNorm, boolean dropout) {
    HyperNetworkStructure structure =
        new HyperNetworkStructure(
            multiples, activation, layerNorm, dropouts(multiples, dropout), false);
    return new HyperNetworkTraining(settings, new HyperNetworkKind(structure, kind.widths()));
  }

  /** A new hypernetwork of the web UI has dropout before its last layer, too. */
  private static List<Double> dropouts(List<Double> multiples, boolean use) {
    return HyperNetworkStructure.dropouts(multiples.size(), use, true);
  }

  /**
   * The widths of the layers from input to output, as multiples of the context's: 1, 2, 1 if
   * nothing is said.
   *
   * @throws io.github.kolors4j.lora.LoraException if it does not begin and end with 1
   */
  public HyperNetworkTraining layerStructure(double... multiples) {
    HyperNetworkStructure now = kind.structure();
    List<Double> others = Arrays.stream(multiples).boxed().toList();
    return with(others, now.activation(), now.layerNorm(), now.drops());
  }

  /**
   * The activation after every layer but the last: {@code linear}, which is none, if nothing is
   * said; also {@code relu}, {@code leakyrelu}, {@code elu}, {@code swish}, {@code tanh}, {@code
   * sigmoid} and others.
   *
   * @throws io.github.kolors4j.lora.LoraException if there is none of that name
   */
  public HyperNetworkTraining activation(String name) {
    HyperNetworkStructure now = kind.structure();
    return with(now.multiples(), name, now.layerNorm(), now.drops());
  }

  /** Whether a layer norm follows every layer. */
  public HyperNetworkTraining layerNorm(boolean use) {
    HyperNetworkStructure now = kind.structure();
    return with(now.multiples(), now.activation(), use, now.drops());
  }

  /** Whether 30 % of the numbers between layers are dropped in training. */
  public HyperNetworkTraining dropout(boolean use) {
    HyperNetworkStructure now = kind.structure();
    return with(now.multiples(), now.activation(), now.layerNorm(), use);
  }

  /**
   * The widths of contexts that get a pair of networks: all of the UNet's if nothing is said.
   * {@link #train} refuses those that it does not have.
   */
  public HyperNetworkTraining sizes(int... widths) {
    List<Integer> chosen = Arrays.stream(widths).boxed().toList();
    return new HyperNetworkTraining(settings, new HyperNetworkKind(kind.structure(), chosen));
  }
}
