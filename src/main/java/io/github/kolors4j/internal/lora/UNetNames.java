package io.github.kolors4j.internal.lora;

import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.lora.LoraException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of a UNet's layers in the three conventions: the published one (diffusers'), DiffSynth-
 * Studio's, which numbers all blocks in the order in which they run ({@code
 * diffsynth/models/sdxl_unet.py}), and the original one of the latent diffusion code ({@link
 * LdmUNetNames}). All are derived from the block structure.
 */
public final class UNetNames {

  private static final List<String> RESNET =
      List.of("norm1", "conv1", "time_emb_proj", "norm2", "conv2");

  private static final List<String> TRANSFORMER =
      List.of(
          "norm1",
          "attn1.to_q",
          "attn1.to_k",
          "attn1.to_v",
          "attn1.to_out.0",
          "norm2",
          "attn2.to_q",
          "attn2.to_k",
          "attn2.to_v",
          "attn2.to_out.0",
          "norm3",
          "ff.net.0.proj",
          "ff.net.2");

  private final Map<String, String> diffSynth = new LinkedHashMap<>();
  private final Map<String, String> ldm;
  private final Map<String, String> fromPublished;
  private final Map<String, String> fromDiffSynth;
  private final Map<String, String> fromKohya;
  private final Map<String, String> fromKohyaSdxl;
  private final Map<String, String> fromComfyUi = new HashMap<>();

  /** Derives the names of all layers. */
  public UNetNames(UNetConfig config) {
    new Walk(config).run();
    ldm = LdmUNetNames.originalLayers(diffSynth.keySet());
    fromDiffSynth = inverse(diffSynth, "", false);
    fromKohyaSdxl = inverse(ldm, "lora_unet_", true);
    fromPublished = new LinkedHashMap<>();
    diffSynth.keySet().forEach(name -> fromPublished.put(name, name));
    fromKohya = inverse(fromPublished, "lora_unet_", true);
    fromComfyUi.putAll(inverse(fromPublished, "diffusion_model.", false));
    layers().forEach(layer -> fromComfyUi.put(inFormat(layer, LoraFormat.COMFYUI), layer));
    // Some programs leave the place in the sequence out.
    layers().stream()
        .filter(layer -> layer.endsWith(".to_out.0"))
        .forEach(layer -> fromPublished.put(layer.substring(0, layer.length() - 2), layer));
  }

  /** The published names of all layers, in the order in which they run. */
  public Set<String> layers() {
    return Collections.unmodifiableSet(diffSynth.keySet());
  }

  /**
   * The name that a format gives to a layer, without the ending that tells the two matrices apart.
   *
   * @param layer a published name
   * @throws LoraException if the UNet has no such layer, or the format no name for it
   */
  public String inFormat(String layer, LoraFormat format) {
    if (!diffSynth.containsKey(layer)) {
      throw new LoraException(
          "This UNet has no layer '%s'; the nearest name is '%s'."
              .formatted(layer, NearestName.of(layer, layers())));
    }
    return switch (format) {
      case DIFFSYNTH -> diffSynth.get(layer);
      case PEFT -> layer;
      case DIFFUSERS -> "unet." + layer;
      case KOHYA -> "lora_unet_" + layer.replace('.', '_');
      case KOHYA_SDXL -> {
        if (!ldm.containsKey(layer)) {
          throw new LoraException(
              "The layer '%s' has no name in kohya's SDXL format: write the KOHYA format instead."
                  .formatted(layer));
        }
        yield "lora_unet_" + ldm.get(layer).replace('.', '_');
      }
      case COMFYUI -> "diffusion_model." + ldm.getOrDefault(layer, layer);
    };
  }

  /**
   * Whether a layer is a convolution, as Kolors' and SDXL's UNets have it, by its published name.
   */
  static boolean isConvolution(String layer) {
    return layer.matches("(.*\\.)?(conv_in|conv_out|conv|conv1|conv2|conv_shortcut)");
  }

  /**
   * The published name of a layer. Formats of one program may be mixed: kohya's two, and published
   * names among ComfyUI's.
   *
   * @param name what {@link #inFormat} gives
   * @throws LoraException if no layer has this name in the format, with the nearest that one has
   */
  public String fromFormat(String name, LoraFormat format) {
    List<Map<String, String>> known =
        switch (format) {
          case DIFFSYNTH -> List.of(fromDiffSynth);
          case PEFT, DIFFUSERS -> List.of(fromPublished);
          case KOHYA -> List.of(fromKohya, fromKohyaSdxl);
          case KOHYA_SDXL -> List.of(fromKohyaSdxl, fromKohya);
          case COMFYUI -> List.of(fromComfyUi);
        };
    String own =
        format == LoraFormat.DIFFUSERS && name.startsWith("unet.")
            ? name.substring("unet.".length())
            : name;
    for (Map<String, String> names : known) {
      if (names.containsKey(own)) {
        return names.get(own);
      }
    }
    throw new LoraException(
        "'%s' is no layer of this UNet; the nearest name is '%s'."
            .formatted(name, NearestName.of(own, known.get(0).keySet())));
  }

  private static Map<String, String> inverse(
      Map<String, String> names, String prefix, boolean underscores) {
    Map<String, String> inverse = new HashMap<>();
    names.forEach(
        (published, other) ->
            inverse.put(prefix + (underscores ? other.replace('.', '_') : other), published));
    return inverse;
  }

  /** Walks through the blocks in the order in which they run and counts as DiffSynth does. */
  private final class Walk {

    private final UNetConfig config;

    /** DiffSynth counts every step: also those that put a skip connection aside and fetch it. */
    private int block;

    Walk(UNetConfig config) {
      this.config = config;
    }

    void run() {
      add("conv_in", "conv_in");
      embedding("time_embedding", "time_embedding");
      add("encoder_hid_proj", "text_intermediate_proj");
      embedding("add_embedding", "add_time_embedding");
      for (int i = 0; i < config.levels(); i++) {
        down(i);
      }
      resnet("mid_block.resnets.0", false);
      attention("mid_block.attentions.0", config.transformerLayers()[config.levels() - 1]);
      resnet("mid_block.resnets.1", false);
      for (int i = config.levels() - 1; i >= 0; i--) {
        up(i);
      }
      add("conv_norm_out", "conv_norm_out");
      add("conv_out", "conv_out");
    }

    private void embedding(String published, String synth) {
      add(published + ".linear_1", synth + ".0");
      add(published + ".linear_2", synth + ".2");
    }

    private void down(int i) {
      int[] channels = config.blockOutChannels();
      String name = "down_blocks." + i;
      boolean widens = i > 0 && channels[i] != channels[i - 1];
      for (int j = 0; j < config.layersPerBlock(); j++) {
        resnet(name + ".resnets." + j, j == 0 && widens);
        attention(name + ".attentions." + j, config.transformers(i));
        block++;
      }
      if (i < channels.length - 1) {
        add(name + ".downsamplers.0.conv", "blocks." + block + ".conv");
        block += 2;
      }
    }

    /**
     * The way up, block {@code i} of the resolutions; the published names count from the lowest.
     */
    private void up(int i) {
      String name = "up_blocks." + (config.levels() - 1 - i);
      for (int j = 0; j <= config.layersPerBlock(); j++) {
        block++;
        resnet(name + ".resnets." + j, changesChannels(i, j));
        attention(name + ".attentions." + j, config.transformers(i));
      }
      if (i > 0) {
        add(name + ".upsamplers.0.conv", "blocks." + block + ".conv");
        block++;
      }
    }

    /** A residual block on the way up gets a skip connection's channels beside the last block's. */
    private boolean changesChannels(int i, int j) {
      int[] channels = config.blockOutChannels();
      int out = channels[i];
      int before = j == 0 ? channels[Math.min(i + 1, channels.length - 1)] : out;
      int skip = j == config.layersPerBlock() ? channels[Math.max(i - 1, 0)] : out;
      return before + skip != out;
    }

    private void resnet(String name, boolean shortcut) {
      for (String layer : RESNET) {
        add(name + "." + layer, "blocks." + block + "." + layer);
      }
      if (shortcut) {
        add(name + ".conv_shortcut", "blocks." + block + ".conv_shortcut");
      }
      block++;
    }

    private void attention(String name, int transformers) {
      if (transformers == 0) {
        return;
      }
      String synth = "blocks." + block;
      add(name + ".norm", synth + ".norm");
      add(name + ".proj_in", synth + ".proj_in");
      for (int k = 0; k < transformers; k++) {
        String inner = ".transformer_blocks." + k + ".";
        for (String layer : TRANSFORMER) {
          add(name + inner + layer, synth + inner + diffSynth(layer));
        }
      }
      add(name + ".proj_out", synth + ".proj_out");
      block++;
    }

    private String diffSynth(String layer) {
      return switch (layer) {
        case "attn1.to_out.0" -> "attn1.to_out";
        case "attn2.to_out.0" -> "attn2.to_out";
        case "ff.net.0.proj" -> "act_fn.proj";
        case "ff.net.2" -> "ff";
        default -> layer;
      };
    }

    private void add(String published, String synth) {
      diffSynth.put(published, synth);
    }
  }
}
