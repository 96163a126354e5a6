package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.files.ForeignJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of one network in its folder of a published model: one file, or shards that an index
 * lists, as safetensors or as torch checkpoints, under the names that diffusers and transformers
 * give them.
 */
public final class WeightFolder implements TensorFile {

  /** The names that are looked for, in this order. */
  private static final List<String> NAMES =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "model.safetensors",
          "diffusion_pytorch_model.safetensors.index.json",
          "model.safetensors.index.json",
          "pytorch_model.bin.index.json",
          "diffusion_pytorch_model.bin.index.json",
          "pytorch_model.bin",
          "diffusion_pytorch_model.bin");

  /** Those of large models have under one million bytes, and a few dozen files. */
  private static final int MAX_INDEX = 10_000_000;

  /** What file systems allow. */
  private static final int MAX_FILE_NAME = 255;

  private static final int MAX_SHARDS = 1_000;

  private final Path source;
  private final List<TensorFile> files;
  private final Map<String, TensorFile> byName;
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private WeightFolder(Path source, List<TensorFile> files, Map<String, TensorFile> byName) {
    this.source = source;
    this.files = files;
    this.byName = byName;
    files.forEach(file -> metadata.putAll(file.metadata()));
  }

  /**
   * Opens the weights of a folder, full precision first, the {@code fp16} variant if that is all
   * there is.
   *
   * @throws WeightsException if the folder has no weights, a shard is missing or damaged, or lacks
   *     what the index says is in it
   */
  public static TensorFile open(Path folder) {
    return open(folder, List.of("", "fp16"));
  }

  /**
   * Opens the weights of a folder in a variant, or the usual ones if it does not have the variant.
   *
   * @param variant what stands in the files' names, as in {@code model.fp16.safetensors}: {@code
   *     fp16}
   * @throws WeightsException as {@link #open(Path)}
   */
  public static TensorFile open(Path folder, String variant) {
    return open(folder, List.of(variant, ""));
  }

  private static TensorFile open(Path folder, List<String> variants) {
    for (String variant : variants) {
      for (String name : NAMES) {
        Path file = folder.resolve(withVariant(name, variant));
        if (Files.isRegularFile(file)) {
          return name.endsWith(".json") ? openShards(folder, file) : openFile(file);
        }
      }
    }
    throw new WeightsException(
        "%s has no weights: there is none of %s in it. Download the model again, or give another folder."
            .formatted(folder, String.join(", ", NAMES)));
  }

  /** {@code model.safetensors} becomes {@code model.fp16.safetensors}, as diffusers has it. */
  private static String withVariant(String name, String variant) {
    int dot = name.lastIndexOf('.');
    return variant.isEmpty() ? name : name.substring(0, dot) + "." + variant + name.substring(dot);
  }

  /** Opens the weights of a folder, as {@link #open(Path)}, or one file. */
  public static TensorFile openPath(Path folderOrFile) {
    return Files.isDirectory(folderOrFile) ? open(folderOrFile) : openFile(folderOrFile);
  }

  /** Opens one file, safetensors or a torch checkpoint by its name's end. */
  public static TensorFile openFile(Path file) {
    return file.getFileName().toString().endsWith(".safetensors")
        ? SafetensorsFile.open(file)
        : TorchFile.open(file);
  }

  private static WeightFolder openShards(Path folder, Path index) {
    Map<String, TensorFile> shards = new LinkedHashMap<>();
    Map<String, TensorFile> byName = new LinkedHashMap<>();
    boolean opened = false;
    try {
      for (Map.Entry<String, String> entry : weightMap(index).entrySet()) {
        String shard = entry.getValue();
        TensorFile file = shards.get(shard);
        if (file == null) {
          if (shards.size() == MAX_SHARDS) {
            throw new WeightsException(
                "%s lists more than %,d files: it is no list of one network's weights."
                    .formatted(index, MAX_SHARDS));
          }
          file = openFile(shardPath(folder, index, shard));
          shards.put(shard, file);
        }
        if (!file.names().contains(entry.getKey())) {
          throw new WeightsException(
              "%s says that '%s' is in %s, but it is not. The two do not belong together: download both again."
                  .formatted(index, entry.getKey(), shard));
        }
        byName.put(entry.getKey(), file);
      }
      opened = true;
    } finally {
      if (!opened) {
        shards.values().forEach(TensorFile::close);
      }
    }
    return new WeightFolder(index, new ArrayList<>(shards.values()), byName);
  }

  /** The file of each tensor. */
  private static Map<String, String> weightMap(Path index) {
    try {
      return ForeignJson.read(index, MAX_INDEX, json -> weightMap(index, json.getAsJsonObject()));
    } catch (ForeignJson.Malformed e) {
      throw new WeightsException(
          "%s is not the list of weights that it should be (%s): download it again."
              .formatted(index, e.getMessage()),
          e);
    } catch (IOException e) {
      throw ReadFailure.of(index, e);
    }
  }

  private static Map<String, String> weightMap(Path index, JsonObject json) {
    if (!json.has("weight_map")) {
      throw new WeightsException(index + " has no weight_map: download it again.");
    }
    Map<String, String> files = new LinkedHashMap<>();
    json.get("weight_map")
        .getAsJsonObject()
        .asMap()
        .forEach((name, file) -> files.put(name, file.getAsString()));
    if (files.isEmpty()) {
      throw new WeightsException(index + " has an empty weight_map: download it again.");
    }
    return files;
  }

  /** Shards lie in the index's own folder; an index that says otherwise is not followed. */
  private static Path shardPath(Path folder, Path index, String shard) {
    boolean inside = !shard.contains("/") && !shard.contains("\\") && !shard.contains("\0");
    if (!inside || shard.isEmpty() || shard.equals("..") || shard.length() > MAX_FILE_NAME) {
      throw new WeightsException(
          "%s lists the file '%s', which is outside its folder; it is not opened."
              .formatted(index, shard));
    }
    Path file = folder.resolve(shard);
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(
          "%s is missing, though %s lists it. Download it into %s."
              .formatted(shard, index.getFileName(), folder));
    }
    return file;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    return file(name).info(name);
  }

  @Override
  public NDArray read(String name, NDManager manager) {
    return file(name).read(name, manager);
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    return file(name).map(name, manager);
  }

  private TensorFile file(String name) {
    TensorFile file = byName.get(name);
    if (file == null) {
      throw new WeightsException(
          "%s lists no tensor '%s'; the nearest name is '%s'."
              .formatted(source, name, NearestName.of(name, names())));
    }
    return file;
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() {
    files.forEach(TensorFile::close);
  }

  @Override
  public String toString() {
    return source + " (" + byName.size() + " tensors in " + files.size() + " files)";
  }
}
