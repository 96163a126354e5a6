package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.ForeignJson;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A picture of latents without an autoencoder: the numbers around a place give a few pixels by a
 * linear map, which was fitted to the autoencoder once ({@link LatentPreviewFit}). ComfyUI does so
 * with numbers that people found for the known autoencoders ({@code Latent2RGB}).
 */
public final class LatentPreview {
  private static final int MOST_BYTES = 1 << 22;

  private final int channels;

  /** How far neighbours count: 0 for a latent by itself, 1 for the nine around it. */
  private final int reach;

  /** Pixels along a side of one latent. */
  private final int pixels;

  /**
   * For each feature: a factor for each colour of each pixel of a latent. In this order the inner
   * loop runs over colours, which the compiler makes eight at a time; a sum it may not reorder.
   */
  private final float[][] map;

  LatentPreview(int channels, int reach, int pixels, double[][] map) {
    this.channels = channels;
    this.reach = reach;
    this.pixels = pixels;
    this.map = new float[map[0].length][map.length];
    for (int o = 0; o < map.length; o++) {
      for (int f = 0; f < map[o].length; f++) {
        this.map[f][o] = (float) map[o][f];
      }
    }
  }

  /** How many numbers a place's pixels come from: its own and its neighbours', and a 1. */
  static int features(int channels, int reach) {
    return channels * (2 * reach + 1) * (2 * reach + 1) + 1;
  }

  /** Puts them into {@code features}; beyond the edge is as the edge. */
  static void features(
      float[] latents, int channels, int reach, int height, int width, int cell, float[] features) {
    int at = 0;
    for (int dy = -reach; dy <= reach; dy++) {
      int y = Math.max(0, Math.min(height - 1, cell / width + dy));
      for (int dx = -reach; dx <= reach; dx++) {
        int x = Math.max(0, Math.min(width - 1, cell % width + dx));
        for (int c = 0; c < channels; c++) {
          features[at++] = latents[(c * height + y) * width + x];
        }
      }
    }
    features[at] = 1;
  }

  /**
   * The picture of one picture's latents.
   *
   * @param latents in row-major order (channels, height, width), scaled as the UNet has them
   * @param height of the latents
   * @param width of the latents
   */
  public BufferedImage picture(float[] latents, int height, int width) {
    BufferedImage picture =
        new BufferedImage(width * pixels, height * pixels, BufferedImage.TYPE_INT_RGB);
    int[] block = new int[pixels * pixels];
    float[] features = new float[features(channels, reach)];
    float[] colours = new float[3 * block.length];
    for (int cell = 0; cell < height * width; cell++) {
      features(latents, channels, reach, height, width, cell, features);
      Arrays.fill(colours, 0);
      for (int f = 0; f < features.length; f++) {
        add(map[f], features[f], colours);
      }
      for (int pixel = 0; pixel < block.length; pixel++) {
        block[pixel] =
            sample(colours[3 * pixel]) << 16
                | sample(colours[3 * pixel + 1]) << 8
                | sample(colours[3 * pixel + 2]);
      }
      picture.setRGB(
          cell % width * pixels, cell / width * pixels, pixels, pixels, block, 0, pixels);
    }
    return picture;
  }

  private static void add(float[] factors, float feature, float[] colours) {
    for (int o = 0; o < colours.length; o++) {
      colours[o] += factors[o] * feature;
    }
  }

  /**
   * @param colour in [-1, 1]
   */
  private static int sample(float colour) {
    return Math.max(0, Math.min(255, Math.round((colour + 1) * 127.5f))); // NaN is 0
  }

  /** Writes it, so that it need not be fitted again. */
  void save(Path file) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("channels", channels);
    json.addProperty("reach", reach);
    json.addProperty("pixels", pixels);
    JsonArray rows = new JsonArray();
    for (int o = 0; o < 3 * pixels * pixels; o++) {
      JsonArray row = new JsonArray();
      for (float[] factors : map) {
        row.add(factors[o]);
      }
      rows.add(row);
    }
    json.add("map", rows);
    AtomicFile.writeText(file, json.toString());
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws IOException if it is not there, or nothing of this kind
   */
  static LatentPreview read(Path file) throws IOException {
    return ForeignJson.read(file, MOST_BYTES, LatentPreview::of);
  }

  private static LatentPreview of(JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    int channels = json.get("channels").getAsInt();
    int reach = json.get("reach").getAsInt();
    int pixels = json.get("pixels").getAsInt();
    JsonArray rows = json.getAsJsonArray("map");
    double[][] map = new double[rows.size()][];
    for (int o = 0; o < map.length; o++) {
      map[o] =
          rows.get(o).getAsJsonArray().asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
      if (map[o].length != features(channels, reach)) {
        throw new IllegalStateException("a row of another length");
      }
    }
    if (map.length == 0 || map.length != 3 * pixels * pixels) {
      throw new IllegalStateException("another number of rows");
    }
    return new LatentPreview(channels, reach, pixels, map);
  }
}
