package io.github.kolors4j.internal.lora;

import io.github.kolors4j.lora.LoraException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a tensor in a LoRA's file says: of which network and which layer it is which
 * part.
 *
 * @param network whose layer it is
 * @param layer the layer's name as the format has it, without the prefix of a text encoder; the
 *     whole name for {@link Network#CLIP}
 * @param part null for {@link Network#CLIP}
 * @param adapter peft's name of the adapter, or the empty text
 */
record LoraKey(Network network, String layer, @Nullable Part part, String adapter) {

  /** The networks that files have adapters for. */
  enum Network {
    UNET,
    /** ChatGLM. */
    TEXT_ENCODER,
    /** One of the text encoders of SD and SDXL, which Kolors does not have. */
    CLIP
  }

  /** The parts of one layer's adapter. */
  enum Part {
    DOWN,
    UP,
    /** The middle one of three (Tucker decomposition of a convolution, LyCORIS). */
    MID,
    ALPHA,
    /** DoRA's lengths as peft keeps them: of the rows. */
    MAGNITUDE,
    /** DoRA's lengths as LyCORIS and kohya keep them: their shape says of what. */
    DORA_SCALE
  }

  private static final String ADAPTER = "(?:\\.(?!(?:weight|bias)$)([^.]+))?";

  /**
   * Layer name, then how the different formats name the parts. A layer name that ends in {@code
   * _lora} is diffusers' before version 0.22, of its attention processors.
   */
  private static final Map<Part, Pattern> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put(
        Part.DOWN,
        ending(
            "(?:lora_A"
                + ADAPTER
                + "|lora_down|(?:lora\\.|lora_linear_layer\\.)?down)(?:\\.weight)?"));
    PARTS.put(
        Part.UP,
        ending(
            "(?:lora_B" + ADAPTER + "|lora_up|(?:lora\\.|lora_linear_layer\\.)?up)(?:\\.weight)?"));
    PARTS.put(Part.MID, ending("lora_mid(?:\\.weight)?()"));
    PARTS.put(Part.ALPHA, ending("alpha()"));
    PARTS.put(Part.MAGNITUDE, ending("lora_magnitude_vector" + ADAPTER + "(?:\\.weight)?"));
    PARTS.put(Part.DORA_SCALE, ending("dora_scale()"));
  }

  /** How adapters of other kinds are known by their tensors. */
  private static final Map<String, Pattern> OTHERS = new LinkedHashMap<>();

  static {
    OTHERS.put("LoHa (LyCORIS)", Pattern.compile(".*\\.hada_.*"));
    OTHERS.put("LoKr (LyCORIS)", Pattern.compile(".*\\.lokr_.*"));
    OTHERS.put("OFT or BOFT", Pattern.compile(".*\\.(oft_|boft_).*"));
    OTHERS.put("GLoRA (LyCORIS)", Pattern.compile(".*\\.[abc][12]\\.weight"));
    OTHERS.put("IA3", Pattern.compile(".*\\.(on_input|ia3_l.*)"));
    OTHERS.put("AdaLoRA", Pattern.compile(".*\\.(lora_E|ranknum)(\\..*)?"));
    OTHERS.put("VeRA", Pattern.compile(".*vera_(lambda_|A|B).*"));
    OTHERS.put(
        "differences of whole weights (LyCORIS's full, ComfyUI's diff)",
        Pattern.compile(".*\\.(diff|diff_b|set_weight|reshape_weight)"));
    OTHERS.put("a trained normalisation (LyCORIS)", Pattern.compile(".*\\.(w_norm|b_norm)"));
    OTHERS.put(
        "a LoRA with biases (peft's lora_bias)", Pattern.compile(".*\\.lora_(B|up)\\b.*\\.bias"));
    OTHERS.put("a LoRA on embeddings", Pattern.compile(".*\\.lora_embedding_[AB].*"));
    OTHERS.put(
        "a LoRA whose lengths are those of the difference (LyCORIS's wd_for_diff)",
        Pattern.compile(".*\\.wd_for_diff"));
    OTHERS.put("a textual inversion", Pattern.compile("(bundle_emb|emb_params).*"));
  }

  private static final Pattern CLIP_NAME =
      Pattern.compile(
          "(lora_te\\d?_|lora_clip_|text_encoder_\\d|text_encoders\\.|clip_[lg]\\."
              + "|conditioner\\.|cond_stage_model\\."
              + "|(text_encoder\\.|base_model\\.model\\.)?text_model\\.|text_encoder\\.text_projection).*");

  private static final Pattern TRANSFORMER_NAME =
      Pattern.compile(
          "(transformer\\.(?!encoder\\.)|lora_transformer_"
              + "|(lora_unet_|lycoris_|diffusion_model\\.)(double_|single_|joint_|transformer_)?blocks[._]).*"
              + "|diffusion_model\\.layers\\..*");

  private static final Pattern CHATGLM_NAME =
      Pattern.compile("(?:base_model\\.model\\.)?(?:transformer\\.)?(encoder\\.layers\\..*)");

  private static Pattern ending(String part) {
    return Pattern.compile("(.+?)\\." + part);
  }

  /**
   * Takes a tensor's name apart.
   *
   * @param where the file, for messages
   * @throws LoraException if it is no part of a LoRA, or of one for a network of another kind
   */
  static LoraKey parse(String where, String key) {
    if (CLIP_NAME.matcher(key).matches()) {
      return new LoraKey(Network.CLIP, key, null, "");
    }
    if (TRANSFORMER_NAME.matcher(key).matches()) {
      throw new LoraException(
          "%s: '%s' is for a diffusion transformer (as in Flux, SD3 or newer models). Kolors has a UNet: a LoRA for Kolors or SDXL is needed."
              .formatted(where, key));
    }
    for (Map.Entry<Part, Pattern> entry : PARTS.entrySet()) {
      Matcher matcher = entry.getValue().matcher(key);
      if (matcher.matches()) {
        String adapter = matcher.group(2) == null ? "" : matcher.group(2);
        return of(matcher.group(1), entry.getKey(), adapter);
      }
    }
    for (Map.Entry<String, Pattern> other : OTHERS.entrySet()) {
      if (other.getValue().matcher(key).matches()) {
        throw new LoraException(
            "%s is no LoRA but %s, as its '%s' says. LoRA and DoRA are read: convert it with the program that it was trained with, or merge it into a model there."
                .formatted(where, other.getKey(), key));
      }
    }
    throw new LoraException(
        "%s: '%s' is no part of a LoRA (a down or up matrix, an alpha, or a magnitude). LoRA and DoRA are read, not other kinds of adapters, nor a whole model."
            .formatted(where, key));
  }

  private static LoraKey of(String name, Part part, String adapter) {
    if (name.startsWith("text_encoder.")) {
      String layer = name.substring("text_encoder.".length());
      Matcher chatGlm = CHATGLM_NAME.matcher(layer);
      return new LoraKey(
          Network.TEXT_ENCODER, chatGlm.matches() ? chatGlm.group(1) : layer, part, adapter);
    }
    Matcher chatGlm = CHATGLM_NAME.matcher(name);
    if (chatGlm.matches()) {
      return new LoraKey(Network.TEXT_ENCODER, chatGlm.group(1), part, adapter);
    }
    String layer =
        name.replaceFirst("^base_model\\.model\\.", "")
            .replaceFirst("^lycoris_", "lora_unet_") // SimpleTuner
            .replaceFirst("\\.processor\\.", ".")
            .replaceFirst("\\.(to_[qkv])_lora$", ".$1")
            .replaceFirst("\\.to_out_lora$", ".to_out.0");
    return new LoraKey(Network.UNET, layer, part, adapter);
  }
}
