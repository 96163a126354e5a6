package io.github.kolors4j.internal.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.weights.ReadFailure;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * As much of a UNet's configuration as decides which layers it has, highest resolution first.
 *
 * @param channels channels of each resolution ({@code block_out_channels})
 * @param layersPerBlock residual blocks of each resolution on the way down; there is one more on
 *     the way up
 * @param transformersPerBlock transformer layers in each attention block, 0 where a resolution has
 *     no attention on the way down
 * @param upTransformersPerBlock the same on the way up, still highest resolution first
 * @param midTransformers transformer layers in the middle, 0 for none
 * @param textProjection whether the text embedding is projected first ({@code encoder_hid_proj})
 * @param sizeConditioning whether picture size and pooled text are embedded ({@code add_embedding})
 */
public record UNetLayout(
    List<Integer> channels,
    List<Integer> layersPerBlock,
    List<Integer> transformersPerBlock,
    List<Integer> upTransformersPerBlock,
    int midTransformers,
    boolean textProjection,
    boolean sizeConditioning) {

  private static final int MOST_BLOCKS = 16;
  private static final int MOST_LAYERS = 1000;

  public UNetLayout {
    channels = List.copyOf(channels);
    layersPerBlock = List.copyOf(layersPerBlock);
    transformersPerBlock = List.copyOf(transformersPerBlock);
    upTransformersPerBlock = List.copyOf(upTransformersPerBlock);
  }

  /**
   * Reads a UNet's published {@code config.json}.
   *
   * @throws LoraException if it is not one
   */
  public static UNetLayout read(Path config) {
    try {
      return ForeignJson.read(config, json -> of(json.getAsJsonObject()));
    } catch (ClosedByInterruptException e) {
      throw ReadFailure.of(config, e);
    } catch (ForeignJson.Malformed e) {
      throw new LoraException(
          "%s is no configuration of a UNet (%s): give the config.json beside the UNet's weights."
              .formatted(config, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new LoraException(config + " could not be read: " + e.getMessage(), e);
    }
  }

  private static UNetLayout of(JsonObject config) {
    List<Integer> channels = numbers(config.get("block_out_channels"), 0);
    int blocks = channels.size();
    if (blocks == 0 || blocks > MOST_BLOCKS) {
      throw new IllegalStateException("block_out_channels has " + blocks + " entries");
    }
    List<Integer> layers = numbers(config.get("layers_per_block"), blocks);
    JsonElement depth = config.get("transformer_layers_per_block");
    List<Integer> depths = depth == null ? Collections.nCopies(blocks, 1) : numbers(depth, blocks);
    List<Boolean> down = attention(config.getAsJsonArray("down_block_types"), blocks);
    List<Boolean> up = new ArrayList<>(attention(config.getAsJsonArray("up_block_types"), blocks));
    Collections.reverse(up);
    JsonElement mid = config.get("mid_block_type");
    boolean midAttention =
        mid == null || !mid.isJsonNull() && mid.getAsString().contains("CrossAttn");
    return new UNetLayout(
        channels,
        layers,
        where(down, depths),
        where(up, depths),
        midAttention ? depths.get(blocks - 1) : 0,
        "text_proj".equals(text(config, "encoder_hid_dim_type")),
        "text_time".equals(text(config, "addition_embed_type")));
  }

  /** A list, or one number for all blocks. */
  private static List<Integer> numbers(JsonElement value, int blocks) {
    List<Integer> numbers = new ArrayList<>();
    if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(item -> numbers.add(item.getAsInt()));
    } else {
      numbers.addAll(Collections.nCopies(blocks, value.getAsInt()));
    }
    if (blocks > 0 && numbers.size() != blocks
        || numbers.stream().anyMatch(number -> blocks > 0 && number > MOST_LAYERS || number < 1)) {
      throw new IllegalStateException("the lists for the blocks do not fit together: " + value);
    }
    return numbers;
  }

  private static List<Boolean> attention(JsonArray types, int blocks) {
    List<Boolean> attention = new ArrayList<>();
    types.forEach(type -> attention.add(type.getAsString().startsWith("CrossAttn")));
    if (attention.size() != blocks) {
      throw new IllegalStateException("the lists for the blocks do not fit together: " + types);
    }
    return attention;
  }

  private static List<Integer> where(List<Boolean> attention, List<Integer> depths) {
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < depths.size(); i++) {
      result.add(attention.get(i) ? depths.get(i) : 0);
    }
    return result;
  }

  private static String text(JsonObject config, String name) {
    JsonElement value = config.get(name);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
