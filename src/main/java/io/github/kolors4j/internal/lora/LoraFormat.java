package io.github.kolors4j.internal.lora;

/**
 * The naming conventions in which adapters are exchanged. Each can be kept in a safetensors file or
 * in a torch checkpoint.
 */
public enum LoraFormat {
  /**
   * DiffSynth-Studio's, the course's own: {@code
   * blocks.7.transformer_blocks.0.attn1.to_q.lora_A.default.weight}, usually a {@code .ckpt}.
   * States no alpha.
   */
  DIFFSYNTH,

  /**
   * Peft's on the published names: {@code down_blocks.1.….to_q.lora_A.default.weight}, or as a
   * folder {@code base_model.model.down_blocks.1.….to_q.lora_A.weight} beside {@code
   * adapter_config.json}, which states alpha, rank stabilisation and patterns. A file alone states
   * no alpha.
   */
  PEFT,

  /**
   * Diffusers': {@code unet.down_blocks.1.….to_q.lora_A.weight}, with peft's settings in the header
   * or, without, one alpha for all layers, the first one's rank. On writing, the scale is
   * multiplied into {@code up}, and the header states ranks that differ. The only format with names
   * for a text encoder, too: {@code text_encoder.encoder.layers.0.….lora_A.weight}.
   */
  DIFFUSERS,

  /**
   * Kohya's on diffusers' names: {@code lora_unet_down_blocks_1_…_to_q.lora_down.weight}, with an
   * alpha for each layer.
   */
  KOHYA,

  /**
   * Kohya's on the original names, as sd-scripts writes for SDXL: {@code
   * lora_unet_input_blocks_4_1_…_to_q.lora_down.weight}, with an alpha for each layer.
   */
  KOHYA_SDXL,

  /**
   * ComfyUI's own, as its nodes save LoRAs: {@code
   * diffusion_model.input_blocks.4.1.….to_q.lora_down.weight}, with an alpha for each layer.
   * ComfyUI reads the two of kohya as well.
   */
  COMFYUI
}
