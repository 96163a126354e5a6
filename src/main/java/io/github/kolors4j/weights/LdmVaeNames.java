package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A single-file VAE such as {@code sdxl.vae.safetensors}, which has the names of the original
 * latent diffusion code (CompVis, {@code ldm/modules/diffusionmodules/model.py}), presented under
 * diffusers' names. Two things differ besides names: the original counts the decoder's blocks from
 * the output, diffusers from the input; and the original's attention projections are 1×1
 * convolutions, diffusers' are linear layers, which is the same numbers in two dimensions less.
 */
public final class LdmVaeNames implements TensorFile {

  /** The prefix that the VAE has inside a whole checkpoint. */
  private static final String CHECKPOINT_PREFIX = "first_stage_model.";

  private static final Pattern DOWN = Pattern.compile("encoder\\.down\\.(\\d+)\\.(.+)");
  private static final Pattern UP = Pattern.compile("decoder\\.up\\.(\\d{1,3})\\.(.+)");
  private static final Pattern MID =
      Pattern.compile("(encoder|decoder)\\.mid\\.(block|attn)_(\\d+)\\.(.+)");

  private static final Map<String, String> ATTENTION =
      Map.of("norm", "group_norm", "q", "to_q", "k", "to_k", "v", "to_v", "proj_out", "to_out.0");

  private final TensorFile file;
  private final Map<String, String> originalNames = new LinkedHashMap<>();

  private LdmVaeNames(TensorFile file) {
    this.file = file;
    String prefix = prefix(file.names());
    int upBlocks = upBlocks(file.names());
    for (String name : file.names()) {
      if (name.startsWith(prefix)) {
        originalNames.put(toDiffusers(name.substring(prefix.length()), upBlocks), name);
      }
    }
  }

  /** Whether a file has a VAE under its original names. */
  public static boolean areIn(TensorFile file) {
    return upBlocks(file.names()) > 0;
  }

  /**
   * Presents a VAE under diffusers' names, whichever names it has. A whole checkpoint is reduced to
   * its VAE.
   *
   * @param file the VAE; closed with the result
   */
  public static TensorFile toDiffusers(TensorFile file) {
    return areIn(file) ? new LdmVaeNames(file) : file;
  }

  /**
   * Translates one name.
   *
   * @param name a name of the original code, such as {@code decoder.up.3.block.0.conv1.weight}
   * @param upBlocks the number of the decoder's blocks
   * @return diffusers' name, such as {@code decoder.up_blocks.0.resnets.0.conv1.weight}
   */
  static String toDiffusers(String name, int upBlocks) {
    Matcher down = DOWN.matcher(name);
    if (down.matches()) {
      return "encoder.down_blocks." + down.group(1) + "." + block(down.group(2));
    }
    Matcher up = UP.matcher(name);
    if (up.matches()) {
      int number = upBlocks - 1 - Integer.parseInt(up.group(1));
      return "decoder.up_blocks." + number + "." + block(up.group(2));
    }
    Matcher mid = MID.matcher(name);
    if (mid.matches()) {
      int number = Integer.parseInt(mid.group(3)) - 1;
      String start = mid.group(1) + ".mid_block.";
      return mid.group(2).equals("attn")
          ? start + "attentions." + number + "." + attention(mid.group(4))
          : start + "resnets." + number + "." + mid.group(4);
    }
    return name.replaceFirst("^(encoder|decoder)\\.norm_out\\.", "$1.conv_norm_out.");
  }

  private static String block(String name) {
    return name.replaceFirst("^block\\.", "resnets.")
        .replaceFirst("^downsample\\.", "downsamplers.0.")
        .replaceFirst("^upsample\\.", "upsamplers.0.")
        .replaceFirst("\\.nin_shortcut\\.", ".conv_shortcut.");
  }

  private static String attention(String name) {
    int dot = name.lastIndexOf('.');
    String layer = name.substring(0, dot);
    return ATTENTION.getOrDefault(layer, layer) + name.substring(dot);
  }

  private static String prefix(Set<String> names) {
    boolean checkpoint = names.stream().anyMatch(name -> name.startsWith(CHECKPOINT_PREFIX));
    return checkpoint ? CHECKPOINT_PREFIX : "";
  }

  private static int upBlocks(Set<String> names) {
    String prefix = prefix(names);
    int blocks = 0;
    for (String name : names) {
      Matcher up = UP.matcher(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
      if (up.matches()) {
        blocks = Math.max(blocks, 1 + Integer.parseInt(up.group(1)));
      }
    }
    return blocks;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(originalNames.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = file.info(original(name));
    Shape shape = isProjection(name, info.shape()) ? linear(info.shape()) : info.shape();
    return new TensorInfo(name, info.type(), shape);
  }

  @Override
  public NDArray read(String name, NDManager manager) {
    NDArray array = file.read(original(name), manager);
    if (!isProjection(name, array.getShape())) {
      return array;
    }
    try (array) {
      return array.reshape(linear(array.getShape()));
    }
  }

  @Override
  public NDArray map(String name, NDManager manager) {
    String original = original(name);
    // A view of another shape would not keep the file's pages: the few projections are read.
    return isProjection(name, file.info(original).shape())
        ? read(name, manager)
        : file.map(original, manager);
  }

  private String original(String name) {
    String original = originalNames.get(name);
    if (original == null) {
      throw new WeightsException(
          "%s has no tensor '%s'; the nearest name is '%s'."
              .formatted(file, name, NearestName.of(name, names())));
    }
    return original;
  }

  private static boolean isProjection(String name, Shape shape) {
    return name.contains(".attentions.")
        && shape.dimension() == 4
        && shape.get(2) == 1
        && shape.get(3) == 1;
  }

  private static Shape linear(Shape convolution) {
    return new Shape(convolution.get(0), convolution.get(1));
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
