package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a VAE in the original latent diffusion code (CompVis, {@code
 * ldm/modules/diffusionmodules/model.py}), which single files such as {@code sdxl.vae.safetensors}
 * have, and in diffusers. Two things differ besides names: the original counts the decoder's blocks
 * from the output, diffusers from the input; and the original's attention projections are 1×1
 * convolutions, diffusers' are linear layers, which is the same numbers in two dimensions less.
 */
public final class LdmVaeNames {

  /** The prefix that the VAE has inside a whole checkpoint. */
  private static final String CHECKPOINT_PREFIX = "first_stage_model.";

  private static final Pattern DOWN = Pattern.compile("encoder\\.down\\.(\\d+)\\.(.+)");
  private static final Pattern UP = Pattern.compile("decoder\\.up\\.(\\d{1,3})\\.(.+)");
  private static final Pattern MID =
      Pattern.compile("(encoder|decoder)\\.mid\\.(block|attn)_(\\d+)\\.(.+)");

  private static final Pattern DIFFUSERS_DOWN =
      Pattern.compile("encoder\\.down_blocks\\.(\\d+)\\.(.+)");
  private static final Pattern DIFFUSERS_UP =
      Pattern.compile("decoder\\.up_blocks\\.(\\d{1,3})\\.(.+)");
  private static final Pattern DIFFUSERS_MID =
      Pattern.compile("(encoder|decoder)\\.mid_block\\.(resnets|attentions)\\.(\\d{1,3})\\.(.+)");

  private static final Map<String, String> ATTENTION =
      Map.of("norm", "group_norm", "q", "to_q", "k", "to_k", "v", "to_v", "proj_out", "to_out.0");

  private LdmVaeNames() {}

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
    if (!areIn(file)) {
      return file;
    }
    String prefix = prefix(file.names());
    int upBlocks = upBlocks(file.names());
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : file.names()) {
      if (name.startsWith(prefix)) {
        names.put(toDiffusers(name.substring(prefix.length()), upBlocks), name);
      }
    }
    return new RenamedTensors(file, names, linearProjections());
  }

  /**
   * Presents a VAE under its original names, whichever names it has.
   *
   * @param file the VAE; closed with the result
   */
  public static TensorFile toOriginal(TensorFile file) {
    if (areIn(file)) {
      return file;
    }
    int upBlocks = 0;
    for (String name : file.names()) {
      Matcher up = DIFFUSERS_UP.matcher(name);
      if (up.matches()) {
        upBlocks = Math.max(upBlocks, 1 + Integer.parseInt(up.group(1)));
      }
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : file.names()) {
      names.put(toOriginal(name, upBlocks), name);
    }
    return new RenamedTensors(file, names, convolutionProjections());
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

  /** Translates one name back; the inverse of {@link #toDiffusers(String, int)}. */
  static String toOriginal(String name, int upBlocks) {
    Matcher down = DIFFUSERS_DOWN.matcher(name);
    if (down.matches()) {
      return "encoder.down." + down.group(1) + "." + originalBlock(down.group(2));
    }
    Matcher up = DIFFUSERS_UP.matcher(name);
    if (up.matches()) {
      int number = upBlocks - 1 - Integer.parseInt(up.group(1));
      return "decoder.up." + number + "." + originalBlock(up.group(2));
    }
    Matcher mid = DIFFUSERS_MID.matcher(name);
    if (mid.matches()) {
      int number = Integer.parseInt(mid.group(3)) + 1;
      String start = mid.group(1) + ".mid.";
      return mid.group(2).equals("attentions")
          ? start + "attn_" + number + "." + originalAttention(mid.group(4))
          : start + "block_" + number + "." + mid.group(4);
    }
    return name.replaceFirst("^(encoder|decoder)\\.conv_norm_out\\.", "$1.norm_out.");
  }

  private static String block(String name) {
    return name.replaceFirst("^block\\.", "resnets.")
        .replaceFirst("^downsample\\.", "downsamplers.0.")
        .replaceFirst("^upsample\\.", "upsamplers.0.")
        .replaceFirst("\\.nin_shortcut\\.", ".conv_shortcut.");
  }

  private static String originalBlock(String name) {
    return name.replaceFirst("^resnets\\.", "block.")
        .replaceFirst("^downsamplers\\.0\\.", "downsample.")
        .replaceFirst("^upsamplers\\.0\\.", "upsample.")
        .replaceFirst("\\.conv_shortcut\\.", ".nin_shortcut.");
  }

  private static String attention(String name) {
    int dot = name.lastIndexOf('.');
    String layer = name.substring(0, dot);
    return ATTENTION.getOrDefault(layer, layer) + name.substring(dot);
  }

  private static String originalAttention(String name) {
    int dot = name.lastIndexOf('.');
    String layer = name.substring(0, dot);
    String original =
        ATTENTION.entrySet().stream()
            .filter(entry -> entry.getValue().equals(layer))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(layer);
    return original + name.substring(dot);
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

  private static BiFunction<String, Shape, Shape> linearProjections() {
    return (name, shape) -> {
      boolean projection =
          name.contains(".attentions.")
              && shape.dimension() == 4
              && shape.get(2) == 1
              && shape.get(3) == 1;
      return projection ? new Shape(shape.get(0), shape.get(1)) : shape;
    };
  }

  private static BiFunction<String, Shape, Shape> convolutionProjections() {
    return (name, shape) ->
        name.contains(".mid.attn_") && shape.dimension() == 2
            ? new Shape(shape.get(0), shape.get(1), 1, 1)
            : shape;
  }
}
