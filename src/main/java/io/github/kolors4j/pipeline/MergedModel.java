package io.github.kolors4j.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.lora.LoraFile;
import io.github.kolors4j.lora.LoraLayer;
import io.github.kolors4j.lora.LoraWeights;
import io.github.kolors4j.lora.UNetLayout;
import io.github.kolors4j.lora.UNetNames;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.weights.LdmUNetNames;
import io.github.kolors4j.weights.LdmVaeNames;
import io.github.kolors4j.weights.NearestName;
import io.github.kolors4j.weights.ShardedWriter;
import io.github.kolors4j.weights.TensorFile;
import io.github.kolors4j.weights.TensorInfo;
import io.github.kolors4j.weights.WeightFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A model with LoRAs added to its UNet's weights for good, written as a folder of its own in the
 * published layout, which Python's diffusers loads as well.
 *
 * <pre>{@code
 * MergedModel.of(models).withLora(Path.of("anime.ckpt"), 4, 1).save(Path.of("models/anime"));
 * }</pre>
 *
 * <p>The UNet is read, changed and written tensor by tensor, in the type that its file stores, so a
 * full-size model takes no more memory than its largest tensor. The other parts are the same files:
 * where the disk allows they get a second name (a hard link) and no second copy. Immutable.
 */
public final class MergedModel {
  private static final String WEIGHTS = "diffusion_pytorch_model";

  /** One LoRA, from a file or from memory. */
  private record Addition(
      String name,
      BiFunction<NDManager, UNetNames, LoraWeights> source,
      double alpha,
      double weight) {}

  /** A LoRA's matrices of one layer and the factor of their product. */
  private record Update(LoraLayer matrices, double scale) {}

  private final ModelFolder model;
  private final List<Addition> additions;

  private MergedModel(ModelFolder model, List<Addition> additions) {
    this.model = model;
    this.additions = List.copyOf(additions);
  }

  /** A model as it is, for LoRAs to be added. */
  public static MergedModel of(ModelFolder model) {
    return new MergedModel(model, List.of());
  }

  /**
   * Adds a LoRA, in any of the {@linkplain io.github.kolors4j.lora.LoraFormat formats}.
   *
   * @param alpha its matrices are multiplied with alpha / rank; NaN for what its file states
   * @param weight multiplies its effect: 1 for all of it
   */
  public MergedModel withLora(Path file, double alpha, double weight) {
    return with(
        new Addition(
            file.toString(),
            (manager, names) -> LoraFile.read(file, manager, names),
            alpha,
            weight));
  }

  /**
   * Adds a LoRA from memory, which stays the caller's.
   *
   * @param alpha as in {@link #withLora(Path, double, double)}
   */
  public MergedModel withLora(LoraWeights weights, double alpha, double weight) {
    return with(new Addition("The LoRA", (manager, names) -> weights, alpha, weight));
  }

  private MergedModel with(Addition addition) {
    if (!Double.isFinite(addition.weight())) {
      throw new IllegalArgumentException(
          "A LoRA's weight is a number, usually from 0 to 1, not " + addition.weight() + ".");
    }
    List<Addition> all = new ArrayList<>(additions);
    all.add(addition);
    return new MergedModel(model, all);
  }

  /**
   * Writes the model. The folder is complete or not there.
   *
   * @param folder must not exist, or be empty
   * @return the model in the folder
   * @throws io.github.kolors4j.weights.WeightsException if a part of the model cannot be read, or
   *     the folder exists or cannot be written
   * @throws LoraException if a LoRA fits no layer of the UNet, or its alpha is not known
   */
  public ModelFolder save(Path folder) {
    return save(folder, ShardedWriter.MAX_SHARD_BYTES);
  }

  ModelFolder save(Path folder, long maxShardBytes) {
    NewFolder.write(
        folder,
        aside -> {
          writeUnet(aside.resolve("unet"), maxShardBytes);
          writeVae(aside.resolve("vae"), maxShardBytes);
          NewFolder.share(model.textEncoder(), aside.resolve("text_encoder"));
          if (!model.tokenizer().equals(model.textEncoder())) {
            NewFolder.share(model.tokenizer(), aside.resolve("tokenizer"));
          }
          NewFolder.share(model.scheduler(), aside.resolve("scheduler"));
          Path index = model.root().resolve("model_index.json");
          if (Files.isRegularFile(index)) {
            NewFolder.share(index, aside.resolve("model_index.json"));
          }
        });
    return ModelFolder.of(folder);
  }

  private void writeUnet(Path folder, long maxShardBytes) {
    Path config = model.unetConfig().resolve("config.json");
    UNetNames names = new UNetNames(UNetLayout.read(config));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        TensorFile file = LdmUNetNames.toDiffusers(WeightFolder.openPath(model.unet()));
        Gradients off = Gradients.disable()) {
      Map<String, List<Update>> updates = new HashMap<>();
      for (Addition addition : additions) {
        LoraWeights weights = addition.source().apply(manager, names);
        weights
            .layers()
            .forEach(
                (layer, matrices) -> {
                  requireFit(addition, layer, matrices, file);
                  double scale = matrices.scale(addition.alpha()) * addition.weight();
                  updates
                      .computeIfAbsent(layer + ".weight", key -> new ArrayList<>())
                      .add(new Update(matrices, scale));
                });
      }
      NewFolder.share(config, folder.resolve("config.json"));
      ShardedWriter.write(
          folder,
          WEIGHTS,
          infos(file),
          name -> merged(file.read(name, manager), updates.getOrDefault(name, List.of())),
          maxShardBytes);
    }
  }

  /** Another VAE than the model's own is written anew: it may be a file under other names. */
  private void writeVae(Path folder, long maxShardBytes) {
    Path own = model.root().resolve("vae");
    if (model.vae().equals(own)) {
      NewFolder.share(own, folder);
      return;
    }
    NewFolder.share(model.vaeConfig().resolve("config.json"), folder.resolve("config.json"));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        TensorFile file = LdmVaeNames.toDiffusers(WeightFolder.openPath(model.vae()))) {
      ShardedWriter.write(
          folder, WEIGHTS, infos(file), name -> file.read(name, manager), maxShardBytes);
    }
  }

  private static List<TensorInfo> infos(TensorFile file) {
    return file.names().stream().map(file::info).toList();
  }

  /** {@code weight + scale · up · down} for each LoRA, in float32 whatever the file stores. */
  private static NDArray merged(NDArray weight, List<Update> updates) {
    if (updates.isEmpty()) {
      return weight;
    }
    NDManager manager = weight.getManager();
    NDArray sum = weight.toType(DataType.FLOAT32, false);
    for (Update update : updates) {
      try (NDArray product = update.matrices().up().matMul(update.matrices().down());
          NDArray here = product.toDevice(Device.cpu(), false);
          NDArray scaled = here.mul(update.scale())) {
        sum.addi(scaled);
      }
    }
    if (sum != weight) {
      weight.close();
    }
    sum.attach(manager);
    return sum;
  }

  private static void requireFit(
      Addition addition, String layer, LoraLayer matrices, TensorFile file) {
    String name = layer + ".weight";
    if (!file.names().contains(name)) {
      throw new LoraException(
          "%s: this UNet has no layer '%s'; the nearest is '%s'. The LoRA may be for another model."
              .formatted(addition.name(), layer, NearestName.of(name, file.names())));
    }
    Shape weight = file.info(name).shape();
    Shape down = matrices.down().getShape();
    Shape up = matrices.up().getShape();
    if (weight.dimension() != 2
        || down.dimension() != 2
        || down.get(1) != weight.get(1)
        || up.get(0) != weight.get(0)) {
      throw new LoraException(
          "%s: '%s' has down %s and up %s, but the layer's weight is %s. The LoRA is for another model."
              .formatted(addition.name(), layer, down, up, weight));
    }
  }
}
