package io.github.kolors4j.internal.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.model.Autoencoder;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.LdmVaeNames;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.ShardedWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.TensorInfo;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A UNet or a VAE on its way between a folder of the published layout and a single file under the
 * original names. Tensors are read and written one at a time, in the type that is stored.
 */
public final class ConvertedNetwork {
  private static final String WEIGHTS = "diffusion_pytorch_model";

  private final Path path;

  private ConvertedNetwork(Path path) {
    this.path = path;
  }

  /**
   * @param path a folder with the weights, or a file; which network it is, its names tell
   */
  public static ConvertedNetwork of(Path path) {
    return new ConvertedNetwork(path);
  }

  /**
   * Writes a single file under the original names.
   *
   * @param file its name ends in {@code .safetensors}
   * @throws WeightsException if this is neither a UNet nor a VAE, or the file cannot be written
   */
  public void saveSingleFile(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
      throw new WeightsException(file + ": a single file is written as .safetensors; name it so.");
    }
    try (NDManager manager = PyTorch.manager(Device.cpu());
        TensorFile weights = open();
        TensorFile original =
            isUnet(weights) ? LdmUNetNames.toOriginal(weights) : LdmVaeNames.toOriginal(weights)) {
      SafetensorsWriter.write(
          file, infos(original), name -> original.read(name, manager), Map.of("format", "pt"));
    }
  }

  /**
   * Writes a folder with {@code config.json} and the weights under diffusers' names.
   *
   * @param folder must not exist, or be empty; it is complete or not there
   * @param model the model whose configuration of this network goes along, unless there is one
   *     beside the weights
   * @throws WeightsException if this is neither a UNet nor a VAE, the configuration is another
   *     network's, or the folder cannot be written
   */
  public void saveFolder(Path folder, ModelFolder model) {
    try (NDManager manager = PyTorch.manager(Device.cpu());
        TensorFile weights = open();
        TensorFile published =
            isUnet(weights)
                ? LdmUNetNames.toDiffusers(weights)
                : LdmVaeNames.toDiffusers(weights)) {
      Path configFolder =
          isUnet(weights)
              ? model.withUnet(path).unetConfigFolder()
              : model.withVae(path).vaeConfigFolder();
      Consumer<Weights> network =
          isUnet(weights)
              ? shapes -> new UNet(UNetConfig.read(configFolder), shapes)
              : shapes -> new Autoencoder(AutoencoderConfig.read(configFolder), shapes);
      try (Weights shapes = new Weights(new Shapes(published, path), manager.newSubManager())) {
        network.accept(shapes);
      }
      NewFolder.write(
          folder,
          aside -> {
            NewFolder.share(configFolder.resolve("config.json"), aside.resolve("config.json"));
            ShardedWriter.write(
                aside,
                WEIGHTS,
                infos(published),
                name -> published.read(name, manager),
                ShardedWriter.MAX_SHARD_BYTES);
          });
    }
  }

  private TensorFile open() {
    if (!Files.exists(path)) {
      throw new WeightsException("There is no " + path + ".");
    }
    return WeightFolder.openPath(path);
  }

  private boolean isUnet(TensorFile file) {
    boolean unet =
        LdmUNetNames.areIn(file) || file.names().contains("time_embedding.linear_1.weight");
    boolean vae = LdmVaeNames.areIn(file) || file.names().contains("decoder.conv_in.weight");
    if (unet == vae) {
      throw new WeightsException(
          unet
              ? path + " is a whole checkpoint with several networks: take its parts apart first."
              : path
                  + " is neither a UNet nor a VAE, under diffusers' names or the original ones.");
    }
    return unet;
  }

  private static List<TensorInfo> infos(TensorFile file) {
    return file.names().stream().map(file::info).toList();
  }

  /**
   * Only the shapes of a file, to prove that a configuration is the right one: each tensor is one
   * zero that is repeated without memory.
   */
  private record Shapes(TensorFile file, Path path) implements WeightSource {
    @Override
    public Set<String> names() {
      return file.names();
    }

    @Override
    public NDArray read(String name, Shape shape, NDManager manager) {
      if (!names().contains(name)) {
        throw new WeightsException(
            "%s has no tensor '%s', which the network of this config.json needs (its nearest name is '%s'): it belongs to another model. Give the right one with --model."
                .formatted(path, name, NearestName.of(name, names())));
      }
      if (!file.info(name).shape().equals(shape)) {
        throw new WeightsException(
            "%s: tensor '%s' has shape %s, but config.json asks for %s: it belongs to another model. Give the right one with --model."
                .formatted(path, name, file.info(name).shape(), shape));
      }
      return manager.zeros(new Shape(1)).broadcast(shape);
    }
  }
}
