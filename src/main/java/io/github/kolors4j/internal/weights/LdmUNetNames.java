package io.github.kolors4j.internal.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of a UNet's layers in the original latent diffusion code (Stability AI {@code
 * sgm/modules/diffusionmodules/openaimodel.py}), which single files have, and in diffusers. The
 * original numbers the blocks in the order in which they run: {@code input_blocks}, {@code
 * middle_block}, {@code output_blocks}; diffusers counts within each resolution. How many blocks a
 * resolution has is read off the names themselves.
 *
 * <p>Kolors' projection of the text, {@code encoder_hid_proj}, is unknown to the original and keeps
 * its name.
 */
public final class LdmUNetNames {

  /** The prefix that the UNet has inside a whole checkpoint. */
  private static final String CHECKPOINT_PREFIX = "model.diffusion_model.";

  /** Diffusers' and the original's names of the layers of a residual block. */
  private static final Map<String, String> RESNET =
      Map.of(
          "norm1", "in_layers.0",
          "conv1", "in_layers.2",
          "time_emb_proj", "emb_layers.1",
          "norm2", "out_layers.0",
          "conv2", "out_layers.3",
          "conv_shortcut", "skip_connection");

  private final NavigableSet<String> layers;

  /** From diffusers' name of a layer to the original one. */
  private final Map<String, String> originals = new LinkedHashMap<>();

  private LdmUNetNames(Collection<String> layers) {
    this.layers = new TreeSet<>(layers);
    boolean original = isOriginal(layers);
    add("conv_in", "input_blocks.0.0");
    add("time_embedding.linear_1", "time_embed.0");
    add("time_embedding.linear_2", "time_embed.2");
    add("add_embedding.linear_1", "label_emb.0.0");
    add("add_embedding.linear_2", "label_emb.0.2");
    down(original ? originalDown() : published("down_blocks."));
    resnet("mid_block.resnets.0", "middle_block.0");
    boolean attends = attention("mid_block.attentions.0", "middle_block.1");
    resnet("mid_block.resnets.1", attends ? "middle_block.2" : "middle_block.1");
    up(original ? originalUp() : published("up_blocks."));
    add("conv_norm_out", "out.0");
    add("conv_out", "out.2");
  }

  /** Whether a file has a UNet under its original names. */
  public static boolean areIn(TensorFile file) {
    return isOriginal(withoutPrefix(file.names()).keySet());
  }

  /**
   * Presents a UNet under diffusers' names, whichever names it has. A whole checkpoint is reduced
   * to its UNet.
   *
   * @param file the UNet; closed with the result
   */
  public static TensorFile toDiffusers(TensorFile file) {
    Map<String, String> inFile = withoutPrefix(file.names());
    if (!isOriginal(inFile.keySet())) {
      return file;
    }
    Map<String, String> published = new LinkedHashMap<>();
    new LdmUNetNames(layers(inFile.keySet()))
        .originals.forEach((name, original) -> published.put(original, name));
    return renamed(file, inFile, published);
  }

  /**
   * Presents a UNet under its original names, whichever names it has.
   *
   * @param file the UNet; closed with the result
   */
  public static TensorFile toOriginal(TensorFile file) {
    Map<String, String> inFile = withoutPrefix(file.names());
    return isOriginal(inFile.keySet())
        ? file
        : renamed(file, inFile, new LdmUNetNames(layers(inFile.keySet())).originals);
  }

  /**
   * The original names of layers.
   *
   * @param layers diffusers' names of all layers of a UNet, without {@code .weight} and {@code
   *     .bias}
   * @return the original name of each that has one
   */
  public static Map<String, String> originalLayers(Collection<String> layers) {
    return new LdmUNetNames(layers).originals;
  }

  private static TensorFile renamed(
      TensorFile file, Map<String, String> inFile, Map<String, String> layers) {
    Map<String, String> names = new LinkedHashMap<>();
    inFile.forEach(
        (name, stored) -> {
          String layer = layer(name);
          names.put(layers.getOrDefault(layer, layer) + name.substring(layer.length()), stored);
        });
    return new RenamedTensors(file, names, (name, shape) -> shape);
  }

  private static boolean isOriginal(Collection<String> names) {
    return names.stream().anyMatch(name -> name.startsWith("input_blocks."));
  }

  /** From each name without the prefix of a whole checkpoint to the name in the file. */
  private static Map<String, String> withoutPrefix(Set<String> names) {
    boolean checkpoint = names.stream().anyMatch(name -> name.startsWith(CHECKPOINT_PREFIX));
    String prefix = checkpoint ? CHECKPOINT_PREFIX : "";
    Map<String, String> stripped = new LinkedHashMap<>();
    for (String name : names) {
      if (name.startsWith(prefix)) {
        stripped.put(name.substring(prefix.length()), name);
      }
    }
    return stripped;
  }

  private static Set<String> layers(Collection<String> names) {
    Set<String> layers = new TreeSet<>();
    names.forEach(name -> layers.add(layer(name)));
    return layers;
  }

  private static String layer(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** How many residual blocks each of diffusers' blocks has. */
  private List<Integer> published(String blocks) {
    List<Integer> counts = new ArrayList<>();
    while (layers.contains(blocks + counts.size() + ".resnets.0.norm1")) {
      String resnets = blocks + counts.size() + ".resnets.";
      int count = 1;
      while (layers.contains(resnets + count + ".norm1")) {
        count++;
      }
      counts.add(count);
    }
    return counts;
  }

  /** The same from the original's numbering, in which a convolution ends each resolution. */
  private List<Integer> originalDown() {
    List<Integer> counts = new ArrayList<>();
    int count = 0;
    for (int i = 1; true; i++) {
      if (layers.contains("input_blocks." + i + ".0.in_layers.0")) {
        count++;
      } else {
        counts.add(count);
        count = 0;
        if (!layers.contains("input_blocks." + i + ".0.op")) {
          return counts;
        }
      }
    }
  }

  private List<Integer> originalUp() {
    List<Integer> counts = new ArrayList<>();
    int count = 0;
    for (int i = 0; layers.contains("output_blocks." + i + ".0.in_layers.0"); i++) {
      count++;
      String block = "output_blocks." + i;
      boolean last = !layers.contains("output_blocks." + (i + 1) + ".0.in_layers.0");
      if (last || layers.contains(block + ".1.conv") || layers.contains(block + ".2.conv")) {
        counts.add(count);
        count = 0;
      }
    }
    return counts;
  }

  private void down(List<Integer> counts) {
    int input = 1;
    for (int level = 0; level < counts.size(); level++) {
      String name = "down_blocks." + level;
      for (int i = 0; i < counts.get(level); i++) {
        resnet(name + ".resnets." + i, "input_blocks." + input + ".0");
        attention(name + ".attentions." + i, "input_blocks." + input + ".1");
        input++;
      }
      add(name + ".downsamplers.0.conv", "input_blocks." + input + ".0.op");
      input++;
    }
  }

  private void up(List<Integer> counts) {
    int output = 0;
    for (int level = 0; level < counts.size(); level++) {
      String name = "up_blocks." + level;
      boolean attends = false;
      for (int i = 0; i < counts.get(level); i++) {
        resnet(name + ".resnets." + i, "output_blocks." + output + ".0");
        attends = attention(name + ".attentions." + i, "output_blocks." + output + ".1");
        output++;
      }
      String last = "output_blocks." + (output - 1);
      add(name + ".upsamplers.0.conv", last + (attends ? ".2.conv" : ".1.conv"));
    }
  }

  private void resnet(String published, String original) {
    RESNET.forEach((layer, other) -> add(published + "." + layer, original + "." + other));
  }

  /** Within a transformer both have the same names. Says whether there is one. */
  private boolean attention(String published, String original) {
    for (String start : new String[] {published + ".", original + "."}) {
      // A resampling convolution may stand in the original's place of a transformer.
      if (layers.contains(start + "norm")) {
        for (String layer : layers.subSet(start, start + Character.MAX_VALUE)) {
          String inner = "." + layer.substring(start.length());
          add(published + inner, original + inner);
        }
        return true;
      }
    }
    return false;
  }

  /** Enters a layer that is there under either name. */
  private void add(String published, String original) {
    if (layers.contains(published) || layers.contains(original)) {
      originals.put(published, original);
    }
  }
}
