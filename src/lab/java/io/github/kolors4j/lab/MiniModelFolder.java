package io.github.kolors4j.lab;

import static ai.djl.ndarray.types.DataType.FLOAT16;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.ShardedWriter;
import io.github.kolors4j.internal.weights.TensorInfo;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes trained networks as a model folder in the published (diffusers) layout, which Python's
 * {@code KolorsPipeline.from_pretrained} loads too. Weights are stored in half precision, in files
 * of less than 20 MB: what is larger is spread over several with an index.
 */
final class MiniModelFolder {
  private static final Gson JSON = new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  /** Of a file's tensors; its header takes some ten kilobytes more. */
  static final long MAX_FILE_BYTES = 19_500_000;

  private final Path folder;
  private final long maxFileBytes;

  MiniModelFolder(Path folder) {
    this(folder, MAX_FILE_BYTES);
  }

  MiniModelFolder(Path folder, long maxFileBytes) {
    this.folder = folder;
    this.maxFileBytes = maxFileBytes;
  }

  void writeIndex() {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("_class_name", "KolorsPipeline");
    index.put("_diffusers_version", "0.35.2");
    index.put("feature_extractor", Collections.nCopies(2, null));
    index.put("force_zeros_for_empty_prompt", false);
    index.put("image_encoder", Collections.nCopies(2, null));
    index.put("scheduler", List.of("diffusers", "EulerDiscreteScheduler"));
    index.put("text_encoder", List.of("kolors", "ChatGLMModel"));
    index.put("tokenizer", List.of("kolors", "ChatGLMTokenizer"));
    index.put("unet", List.of("diffusers", "UNet2DConditionModel"));
    index.put("vae", List.of("diffusers", "AutoencoderKL"));
    json("model_index.json", index);
    text("scheduler/scheduler_config.json", JSON.toJson(SchedulerConfig.kolors().toJson()));
  }

  void writeAutoencoder(
      AutoencoderConfig config,
      double scalingFactor,
      int pictureSize,
      Map<String, NDArray> weights) {
    int levels = config.blockOutChannels().length;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("_class_name", "AutoencoderKL");
    json.put("act_fn", "silu");
    json.put("block_out_channels", config.blockOutChannels());
    json.put("down_block_types", Collections.nCopies(levels, "DownEncoderBlock2D"));
    json.put("force_upcast", false);
    json.put("in_channels", config.inChannels());
    json.put("latent_channels", config.latentChannels());
    json.put("layers_per_block", config.layersPerBlock());
    json.put("norm_num_groups", config.normNumGroups());
    json.put("out_channels", config.inChannels());
    json.put("sample_size", pictureSize);
    json.put("scaling_factor", scalingFactor);
    json.put("up_block_types", Collections.nCopies(levels, "UpDecoderBlock2D"));
    json("vae/config.json", json);
    weights("vae", "diffusion_pytorch_model", weights);
  }

  void writeTextEncoder(ChatGlmConfig config, Map<String, NDArray> weights, NDManager manager) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("ChatGLMModel"));
    json.put("model_type", "chatglm");
    json.put("add_bias_linear", false);
    json.put("add_qkv_bias", config.queryKeyValueBias());
    json.put("apply_query_key_layer_scaling", true);
    json.put("apply_residual_connection_post_layernorm", false);
    json.put("attention_dropout", 0.0);
    json.put("attention_softmax_in_fp32", true);
    json.put("bias_dropout_fusion", true);
    json.put("ffn_hidden_size", config.feedForwardSize());
    json.put("fp32_residual_connection", false);
    json.put("hidden_dropout", 0.0);
    json.put("hidden_size", config.hiddenSize());
    json.put("kv_channels", config.headSize());
    json.put("layernorm_epsilon", config.epsilon());
    json.put("multi_query_attention", true);
    json.put("multi_query_group_num", config.keyGroups());
    json.put("num_attention_heads", config.heads());
    json.put("num_layers", config.layers());
    json.put("original_rope", true);
    json.put("padded_vocab_size", config.vocabularySize());
    json.put("post_layer_norm", true);
    json.put("rmsnorm", true);
    json.put("seq_length", 32768);
    json.put("use_cache", true);
    json.put("torch_dtype", "float16");
    json.put("vocab_size", config.vocabularySize());
    json("text_encoder/config.json", json);
    Map<String, NDArray> all = new LinkedHashMap<>(weights);
    all.put("rotary_pos_emb.inv_freq", manager.create(rotaryFrequencies(config.headSize() / 2)));
    weights("text_encoder", "model", all);
  }

  private static float[] rotaryFrequencies(int rotated) {
    float[] frequencies = new float[rotated / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10_000, -2.0 * i / rotated);
    }
    return frequencies;
  }

  void writeUNet(UNetConfig config, int latentSize, Map<String, NDArray> weights) {
    int levels = config.blockOutChannels().length;
    String[] down = new String[levels];
    String[] up = new String[levels];
    for (int i = 0; i < levels; i++) {
      down[i] = config.attention()[i] ? "CrossAttnDownBlock2D" : "DownBlock2D";
      up[levels - 1 - i] = config.attention()[i] ? "CrossAttnUpBlock2D" : "UpBlock2D";
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("_class_name", "UNet2DConditionModel");
    json.put("act_fn", "silu");
    json.put("addition_embed_type", "text_time");
    json.put("addition_time_embed_dim", config.additionTimeEmbedDim());
    json.put("attention_head_dim", config.heads());
    json.put("block_out_channels", config.blockOutChannels());
    json.put("center_input_sample", false);
    json.put("cross_attention_dim", config.crossAttentionDim());
    json.put("down_block_types", down);
    json.put("downsample_padding", 1);
    json.put("encoder_hid_dim", config.encoderHidDim());
    json.put("encoder_hid_dim_type", "text_proj");
    json.put("flip_sin_to_cos", true);
    json.put("freq_shift", 0);
    json.put("in_channels", config.inChannels());
    json.put("layers_per_block", config.layersPerBlock());
    json.put("mid_block_scale_factor", 1);
    json.put("mid_block_type", "UNetMidBlock2DCrossAttn");
    json.put("norm_eps", config.normEpsilon());
    json.put("norm_num_groups", config.normNumGroups());
    json.put("out_channels", config.inChannels());
    json.put("projection_class_embeddings_input_dim", config.additionInputDim());
    json.put("resnet_time_scale_shift", "default");
    json.put("sample_size", latentSize);
    json.put("transformer_layers_per_block", config.transformerLayers());
    json.put("up_block_types", up);
    json.put("use_linear_projection", true);
    json("unet/config.json", json);
    weights("unet", "diffusion_pytorch_model", weights);
  }

  /** What an earlier export left, in one file or in more, goes: readers would find it first. */
  private void weights(String network, String name, Map<String, NDArray> weights) {
    Path own = folder.resolve(network);
    try {
      Files.createDirectories(own);
      try (DirectoryStream<Path> old = Files.newDirectoryStream(own, name + "*.safetensors*")) {
        for (Path file : old) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new WeightsException("Cannot replace the weights in " + own + ": " + e.getMessage(), e);
    }
    List<TensorInfo> infos = new ArrayList<>();
    weights.forEach(
        (tensor, array) -> infos.add(new TensorInfo(tensor, FLOAT16, array.getShape())));
    ShardedWriter.write(
        own,
        name,
        infos,
        tensor -> Objects.requireNonNull(weights.get(tensor), tensor).duplicate(),
        maxFileBytes);
  }

  private void json(String name, Map<String, Object> value) {
    text(name, JSON.toJson(value));
  }

  private void text(String name, String text) {
    Path file = folder.resolve(name);
    try {
      AtomicFile.writeText(file, text + "\n");
    } catch (IOException e) {
      throw new WeightsException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
