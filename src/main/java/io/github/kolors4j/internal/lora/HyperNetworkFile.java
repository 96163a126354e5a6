package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.weights.TorchFile;
import io.github.kolors4j.internal.weights.TorchWriter;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hypernetworks in the Stable Diffusion web UI's files ({@code
 * modules/hypernetworks/hypernetwork.py}, {@code save} and {@code load}): {@code {width: (keys'
 * weights, values' weights), "layer_structure": [1, 2, 1], "activation_func": …, …}}.
 */
public final class HyperNetworkFile {
  /** A width takes memory in its square; no model's context is wider. */
  private static final int WIDEST = 16_384;

  private HyperNetworkFile() {}

  /**
   * Reads a hypernetwork. Nothing in the file is run.
   *
   * @param manager the owner of the weights, which are read as float32
   * @throws LoraException if it is another kind of file, or lacks a weight
   * @throws io.github.kolors4j.WeightsException if it cannot be read
   */
  public static HyperNetworkWeights read(Path path, NDManager manager) {
    try (TorchFile file = TorchFile.open(path)) {
      HyperNetworkStructure structure = structure(path, file.metadata());
      Map<Integer, HyperNetworkWeights.Pair> pairs = new LinkedHashMap<>();
      Set<String> left = new TreeSet<>(file.names());
      for (int width : widths(path, file.names())) {
        pairs.put(
            width,
            new HyperNetworkWeights.Pair(
                module(path, file, structure, width, 0, left, manager),
                module(path, file, structure, width, 1, left, manager)));
      }
      if (!left.isEmpty()) {
        throw new LoraException(
            "%s has '%s' and %d more that a hypernetwork of the structure %s does not have."
                .formatted(path, left.iterator().next(), left.size() - 1, structure.multiples()));
      }
      return new HyperNetworkWeights(structure, pairs);
    }
  }

  private static Set<Integer> widths(Path path, Set<String> names) {
    Set<Integer> widths = new TreeSet<>();
    for (String name : names) {
      if (!name.matches("\\d{1,5}\\.[01]\\.linear.*")) {
        throw new LoraException(
            "%s is no hypernetwork: it has '%s', where 768.0.linear.0.weight and the like are expected."
                .formatted(path, name.length() <= 200 ? name : name.substring(0, 200)));
      }
      widths.add(Integer.parseInt(name.substring(0, name.indexOf('.'))));
    }
    if (widths.isEmpty() || widths.stream().anyMatch(width -> width < 1 || width > WIDEST)) {
      throw new LoraException("%s is no hypernetwork: its widths are %s.".formatted(path, widths));
    }
    return widths;
  }

  private static HyperNetworkStructure structure(Path path, Map<String, String> values) {
    try {
      List<Double> multiples = numbers(values, "layer_structure");
      if (multiples.isEmpty()) {
        multiples = List.of(1.0, 2.0, 1.0);
      }
      List<Double> dropouts = numbers(values, "dropout_structure");
      if (dropouts.isEmpty()) {
        dropouts =
            HyperNetworkStructure.dropouts(
                multiples.size(),
                truth(values, "use_dropout", false),
                truth(values, "last_layer_dropout", false));
      }
      return new HyperNetworkStructure(
          multiples,
          values.getOrDefault("activation_func", "linear"),
          truth(values, "is_layer_norm", false),
          dropouts,
          truth(values, "activate_output", true));
    } catch (NumberFormatException e) {
      throw new LoraException(
          "%s states a layer structure that is not of numbers: %s".formatted(path, e.getMessage()),
          e);
    } catch (LoraException e) {
      throw new LoraException(path + ": " + e.getMessage(), e);
    }
  }

  private static List<Double> numbers(Map<String, String> values, String name) {
    List<Double> numbers = new ArrayList<>();
    for (String value = values.get(name + ".0"); value != null; ) {
      numbers.add(Double.valueOf(value));
      value = values.get(name + "." + numbers.size());
    }
    return numbers;
  }

  private static boolean truth(Map<String, String> values, String name, boolean otherwise) {
    return Boolean.parseBoolean(values.getOrDefault(name, String.valueOf(otherwise)));
  }

  private static HyperNetworkModule module(
      Path path,
      TorchFile file,
      HyperNetworkStructure structure,
      int width,
      int which,
      Set<String> left,
      NDManager manager) {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    HyperNetworkModule.shapes(structure, width)
        .forEach(
            (name, shape) -> {
              String full = width + "." + which + "." + name;
              String found = file.names().contains(full) ? full : older(full);
              weights.put(name, tensor(path, file, found, shape, manager));
              left.remove(found);
            });
    return new HyperNetworkModule(structure, width, weights);
  }

  /** The first hypernetworks called their two layers linear1 and linear2. */
  private static String older(String name) {
    return name.replace("linear.0.", "linear1.").replace("linear.1.", "linear2.");
  }

  private static NDArray tensor(
      Path path, TorchFile file, String name, Shape shape, NDManager manager) {
    Shape found = file.names().contains(name) ? file.info(name).shape() : null;
    if (!shape.equals(found)) {
      throw new LoraException(
          "%s: '%s' should be %s by the stated structure, but %s."
              .formatted(path, name, shape, found == null ? "is missing" : "is " + found));
    }
    NDArray stored = file.read(name, manager);
    if (stored.getDataType() == DataType.FLOAT32) {
      return stored;
    }
    try (stored) {
      return stored.toType(DataType.FLOAT32, true);
    }
  }

  /**
   * Writes a hypernetwork as the web UI does, aside, and moves the file into place.
   *
   * @param path ends in {@code .pt}
   * @param step how many steps it was trained
   */
  public static void write(Path path, HyperNetworkWeights weights, long step) {
    HyperNetworkStructure structure = weights.structure();
    Map<@Nullable Object, @Nullable Object> file = new LinkedHashMap<>();
    weights
        .pairs()
        .forEach(
            (width, pair) ->
                file.put(
                    width,
                    new TorchWriter.Tuple(
                        List.of(pair.keys().weights(), pair.values().weights()))));
    file.put("step", step);
    file.put("name", name(path));
    file.put("layer_structure", plain(structure.multiples()));
    file.put("activation_func", structure.activation());
    file.put("is_layer_norm", structure.layerNorm());
    file.put("weight_initialization", "Normal");
    file.put("use_dropout", structure.drops());
    file.put("sd_checkpoint", null);
    file.put("sd_checkpoint_name", null);
    file.put("activate_output", structure.activateOutput());
    file.put("last_layer_dropout", lastDrops(structure));
    file.put("dropout_structure", plain(structure.dropouts()));
    TorchWriter.writeObject(path, file);
  }

  private static boolean lastDrops(HyperNetworkStructure structure) {
    List<Double> shares = structure.dropouts();
    return shares.get(shares.size() - 2) > 0;
  }

  private static String name(Path path) {
    return Objects.requireNonNull(path.getFileName()).toString().replaceFirst("\\.pt$", "");
  }

  /** Whole numbers as such: the original writes [1, 2, 1]. */
  private static List<Object> plain(List<Double> numbers) {
    List<Object> plain = new ArrayList<>();
    for (double number : numbers) {
      plain.add(number == (int) number ? (Object) (int) number : (Object) number);
    }
    return plain;
  }
}
