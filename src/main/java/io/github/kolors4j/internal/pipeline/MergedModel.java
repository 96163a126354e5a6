package io.github.kolors4j.internal.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.LdmVaeNames;
import io.github.kolors4j.internal.weights.ShardedWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model with LoRAs added to its weights for good, written as a folder of its own in the published
 * layout, which Python's diffusers loads as well.
 *
 * <pre>{@code
 * MergedModel.of(models, List.of(Lora.of(Path.of("anime.ckpt")).alpha(4))).save(Path.of("models/anime"));
 * }</pre>
 *
 * <p>UNet and text encoder are read, changed and written tensor by tensor, in the type that their
 * files store, so a full-size model takes no more memory than its largest tensor. What no LoRA
 * changes stays the same files: where the disk allows they get a second name (a hard link) and no
 * second copy. Immutable.
 */
public final class MergedModel {
  private static final String WEIGHTS = "diffusion_pytorch_model";

  private final ModelFolder model;
  private final List<Lora> loras;

  private MergedModel(ModelFolder model, List<Lora> loras) {
    this.model = model;
    this.loras = List.copyOf(loras);
  }

  /** A model with LoRAs, which are added in this order. */
  public static MergedModel of(ModelFolder model, List<Lora> loras) {
    return new MergedModel(model, loras);
  }

  /**
   * Writes the model. The folder is complete or not there.
   *
   * @param folder must not exist, or be empty
   * @return the model in the folder
   * @throws WeightsException if a part of the model cannot be read, or the folder exists or cannot
   *     be written
   * @throws LoraException if a LoRA fits no layer, or its alpha is not known
   */
  public ModelFolder save(Path folder) {
    return save(folder, ShardedWriter.MAX_SHARD_BYTES);
  }

  ModelFolder save(Path folder, long maxShardBytes) {
    NewFolder.write(
        folder,
        aside -> {
          writeNetworks(aside, maxShardBytes);
          writeVae(aside.resolve("vae"), maxShardBytes);
          if (!model.tokenizer().equals(model.textEncoder())) {
            NewFolder.share(model.tokenizer(), aside.resolve("tokenizer"));
          }
          NewFolder.share(model.scheduler(), aside.resolve("scheduler"));
          shareOthers(aside);
        });
    return ModelFolder.of(folder);
  }

  private void writeNetworks(Path folder, long maxShardBytes) {
    Path config = model.unetConfigFolder();
    UNetNames names = new UNetNames(UNetConfig.read(config));
    try (NDManager manager = PyTorch.manager(Device.cpu());
        TensorFile unetFile = LdmUNetNames.toDiffusers(WeightFolder.openPath(model.unet()));
        TensorFile textFile = WeightFolder.openPath(model.textEncoder());
        Gradients off = Gradients.disable()) {
      MergedWeights unet = new MergedWeights("UNet", unetFile, "");
      boolean whole = textFile.names().stream().anyMatch(n -> n.startsWith("transformer."));
      MergedWeights text = new MergedWeights("text encoder", textFile, whole ? "transformer." : "");
      boolean textChanges = false;
      for (Lora lora : loras) {
        ModelLora matrices = lora.read(manager, names);
        if (matrices.unet() != null) {
          unet.add(lora.toString(), matrices.unet(), lora.weight());
        }
        if (matrices.textEncoder() != null) {
          text.add(lora.toString(), matrices.textEncoder(), lora.weight());
          textChanges = true;
        }
      }
      NewFolder.share(config.resolve("config.json"), folder.resolve("unet/config.json"));
      unet.write(folder.resolve("unet"), WEIGHTS, maxShardBytes, manager);
      Path textFolder = folder.resolve("text_encoder");
      if (textChanges) {
        NewFolder.share(model.textEncoder(), textFolder, file -> !holdsWeights(file));
        text.write(textFolder, "model", maxShardBytes, manager);
      } else {
        NewFolder.share(model.textEncoder(), textFolder);
      }
    }
  }

  private static boolean holdsWeights(Path file) {
    return file.getFileName().toString().matches(".*\\.(safetensors|bin|pt|pth|ckpt|index\\.json)");
  }

  /** Another VAE than the model's own is written anew: it may be a file under other names. */
  private void writeVae(Path folder, long maxShardBytes) {
    Path own = model.root().resolve("vae");
    if (model.vae().equals(own)) {
      NewFolder.share(own, folder);
      return;
    }
    NewFolder.share(model.vaeConfigFolder().resolve("config.json"), folder.resolve("config.json"));
    try (NDManager manager = PyTorch.manager(Device.cpu());
        TensorFile file = LdmVaeNames.toDiffusers(WeightFolder.openPath(model.vae()))) {
      new MergedWeights("VAE", file, "").write(folder, WEIGHTS, maxShardBytes, manager);
    }
  }

  /** The list of parts with those that Kolors does without, and what the model's makers say. */
  private void shareOthers(Path folder) {
    Path index = model.root().resolve("model_index.json");
    if (Files.isRegularFile(index)) {
      NewFolder.share(index, folder.resolve("model_index.json"));
      for (String part : parts(index)) {
        Path own = model.root().resolve(part);
        if (Files.isDirectory(own) && !Files.exists(folder.resolve(part))) {
          NewFolder.share(own, folder.resolve(part));
        }
      }
    }
    try (Stream<Path> files = Files.list(model.root())) {
      for (Path file : files.filter(MergedModel::isLicence).toList()) {
        NewFolder.share(file, folder.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new WeightsException(model.root() + " could not be read: " + e.getMessage(), e);
    }
  }

  private static boolean isLicence(Path file) {
    String name = file.getFileName().toString().toUpperCase(Locale.ROOT);
    return Files.isRegularFile(file) && (name.contains("LICENSE") || name.startsWith("NOTICE"));
  }

  private static List<String> parts(Path index) {
    try {
      return ForeignJson.read(
          index,
          json ->
              json.getAsJsonObject().entrySet().stream()
                  .filter(entry -> entry.getValue().isJsonArray())
                  .map(Map.Entry::getKey)
                  .filter(name -> name.matches("[A-Za-z0-9_]+"))
                  .toList());
    } catch (IOException e) {
      throw new WeightsException(
          "%s is not the list of the model's parts that it should be (%s): download it again."
              .formatted(index, e.getMessage()),
          e);
    }
  }
}
