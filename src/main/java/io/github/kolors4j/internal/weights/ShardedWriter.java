package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.kolors4j.WeightsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes a network's weights as diffusers' {@code save_pretrained} does: one file, or above a size
 * several with an index ({@code diffusion_pytorch_model-00001-of-00002.safetensors}, {@code
 * diffusion_pytorch_model.safetensors.index.json}), filled in the tensors' order (huggingface_hub
 * {@code serialization/_base.py}).
 */
public final class ShardedWriter {
  /** The size above which diffusers begins another file: 10 GB. */
  public static final long MAX_SHARD_BYTES = 10_000_000_000L;

  private static final Map<String, String> METADATA = Map.of("format", "pt");
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ShardedWriter() {}

  /**
   * Writes the tensors of a network, one at a time.
   *
   * @param folder where the files go; made if it lacks
   * @param name the files' first word: {@code diffusion_pytorch_model} for UNet and VAE
   * @param tensors names, types and shapes, in the order in which they are spread over the files
   * @param values makes the tensor of a name; it is closed when it is written
   * @param maxShardBytes the size that a file has at most, but for a tensor that alone is larger
   * @throws WeightsException if a file cannot be written
   */
  public static void write(
      Path folder,
      String name,
      Collection<TensorInfo> tensors,
      Function<String, NDArray> values,
      long maxShardBytes) {
    List<List<TensorInfo>> shards = split(tensors, maxShardBytes);
    if (shards.size() == 1) {
      Path file = folder.resolve(name + ".safetensors");
      SafetensorsWriter.write(file, shards.get(0), values, METADATA);
      return;
    }
    Map<String, String> weightMap = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String file =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", name, i + 1, shards.size());
      SafetensorsWriter.write(folder.resolve(file), shards.get(i), values, METADATA);
      shards.get(i).forEach(info -> weightMap.put(info.name(), file));
    }
    long total = tensors.stream().mapToLong(TensorInfo::bytes).sum();
    Map<String, Object> index = new TreeMap<>();
    index.put("metadata", Map.of("total_size", total));
    index.put("weight_map", weightMap);
    byte[] json = (JSON.toJson(index) + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(
        folder.resolve(name + ".safetensors.index.json"),
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(json);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  private static List<List<TensorInfo>> split(Collection<TensorInfo> tensors, long maxBytes) {
    List<List<TensorInfo>> shards = new ArrayList<>();
    List<TensorInfo> current = new ArrayList<>();
    long size = 0;
    for (TensorInfo info : tensors) {
      if (size + info.bytes() > maxBytes && !current.isEmpty()) {
        shards.add(current);
        current = new ArrayList<>();
        size = 0;
      }
      current.add(info);
      size += info.bytes();
    }
    shards.add(current);
    return shards;
  }
}
