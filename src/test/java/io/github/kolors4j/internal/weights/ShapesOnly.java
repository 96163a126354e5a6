package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A network's weights of which names and shapes are known and nothing else: every tensor is one
 * zero that is repeated without memory. With it a full-size network is built in a few kilobytes.
 */
public final class ShapesOnly implements TensorFile, WeightSource {
  private static final Path NAMES = Path.of("src/test/resources/names");

  private final Map<String, Shape> shapes;

  public ShapesOnly(Map<String, Shape> shapes) {
    this.shapes = new LinkedHashMap<>(shapes);
  }

  /** One of the published networks: {@code unet}, {@code vae} or {@code text_encoder}. */
  public static ShapesOnly published(String network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    JsonObject tensors = json("manifest.json.gz").getAsJsonObject(network);
    for (String name : tensors.keySet()) {
      JsonArray sizes = tensors.getAsJsonArray(name);
      long[] shape = new long[sizes.size()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = sizes.get(i).getAsLong();
      }
      shapes.put(name, new Shape(shape));
    }
    return new ShapesOnly(shapes);
  }

  /** A packed JSON file among the lists of names. */
  public static JsonObject json(String file) {
    try {
      return JsonParser.parseString(Golden.unpacked(NAMES.resolve(file))).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Map<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public TensorInfo info(String name) {
    return new TensorInfo(name, DataType.FLOAT32, shapes.get(name));
  }

  @Override
  public NDArray read(String name, NDManager manager) {
    return manager.zeros(new Shape(1)).broadcast(shapes.get(name));
  }

  @Override
  public NDArray read(String name, Shape shape, NDManager manager) {
    if (!shape.equals(shapes.get(name))) {
      throw new WeightsException(name + " is " + shapes.get(name) + ", asked for as " + shape);
    }
    return read(name, manager);
  }

  /** As a network takes them from a file that presents these under other names. */
  public static WeightSource source(TensorFile file) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    file.names().forEach(name -> shapes.put(name, file.info(name).shape()));
    return new ShapesOnly(shapes);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {}
}
