package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.internal.lora.LoraKey.Part;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the adapters of one file, or of a folder as peft and diffusers save one. Opening takes all
 * tensors' names apart; matrices are read when they are asked for.
 */
final class LoraReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoraReader.class);
  private static final String PEFT_CONFIG = "adapter_config.json";

  /** What is looked for in a folder, in this order: peft's names, then diffusers'. */
  private static final List<String> IN_FOLDERS =
      List.of(
          "adapter_model.safetensors",
          "adapter_model.bin",
          "pytorch_lora_weights.safetensors",
          "pytorch_lora_weights.bin");

  private final Path path;
  private final TensorFile file;
  private final LoraFormat format;
  private final Map<String, Map<Part, String>> unet = new LinkedHashMap<>();
  private final Map<String, Map<Part, String>> textEncoder = new LinkedHashMap<>();
  private @Nullable String firstOfClip;
  private int ofClip;
  private @Nullable String adapter;

  private LoraReader(Path path, TensorFile file, @Nullable UNetNames names) {
    this.path = path;
    this.file = file;
    List<String> keys = new ArrayList<>(file.names());
    if (path.toString().endsWith(".safetensors")) {
      keys.sort(null); // as Python's safetensors gives them, of which diffusers takes the first
    }
    format = LoraFile.detect(file.names());
    keys.forEach(key -> assign(key, names));
    if (keys.isEmpty()) {
      throw new LoraException(path + " holds no LoRA: it has no tensors.");
    }
  }

  /**
   * @param path a file, or a folder with {@code adapter_model} or {@code pytorch_lora_weights}
   * @param names the layers of the UNet, or null to leave a UNet's adapters unread
   * @throws LoraException if a tensor's name is no part of a LoRA, or fits no layer
   */
  static LoraReader open(Path path, @Nullable UNetNames names) {
    Path found = Files.isDirectory(path) ? inFolder(path) : path;
    TensorFile file = WeightFolder.openFile(found);
    try {
      return new LoraReader(found, file, names);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Path inFolder(Path folder) {
    for (String name : IN_FOLDERS) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new LoraException(
        "The folder %s holds no LoRA: there is none of %s in it. Give the file itself if it has another name."
            .formatted(folder, String.join(", ", IN_FOLDERS)));
  }

  private Map<String, Map<Part, String>> layers(Network network) {
    return network == Network.UNET ? unet : textEncoder;
  }

  private void assign(String key, @Nullable UNetNames names) {
    LoraKey parsed = LoraKey.parse(path.toString(), key);
    Part part = parsed.part();
    if (part == null) {
      firstOfClip = firstOfClip == null ? key : firstOfClip;
      ofClip++;
      return;
    }
    String layer = parsed.layer();
    if (parsed.network() == Network.UNET) {
      if (names == null) {
        return;
      }
      layer = layerName(key, parsed, names);
    }
    requireOneAdapter(key, parsed.adapter());
    String before =
        layers(parsed.network())
            .computeIfAbsent(layer, n -> new EnumMap<>(Part.class))
            .put(part, key);
    if (before != null) {
      throw new LoraException(
          "%s: '%s' and '%s' are for the same layer.".formatted(path, before, key));
    }
  }

  private void requireOneAdapter(String key, String name) {
    if (name.isEmpty()) {
      return;
    }
    if (adapter != null && !adapter.equals(name)) {
      throw new LoraException(
          "%s holds two adapters, '%s' and '%s' (in '%s'): save each to a file of its own."
              .formatted(path, adapter, name, key));
    }
    adapter = name;
  }

  private String layerName(String key, LoraKey parsed, UNetNames names) {
    try {
      return names.fromFormat(parsed.layer(), format);
    } catch (LoraException e) {
      throw new LoraException(
          "%s: the key '%s' fits no layer. %s The LoRA may be for another model."
              .formatted(path, key, e.getMessage()),
          e);
    }
  }

  /** Whether the file has layers of a network. */
  boolean has(Network network) {
    return network == Network.CLIP ? ofClip > 0 : !layers(network).isEmpty();
  }

  /**
   * @throws LoraException if there are adapters for CLIP, which Kolors does not have
   */
  void requireNoClip() {
    if (ofClip == 0) {
      return;
    }
    String clip = "the text encoders of SD or SDXL (CLIP), such as '%s'".formatted(firstOfClip);
    throw new LoraException(
        has(Network.UNET)
            ? "%s has, beside the UNet's layers, %d tensors for %s. Kolors reads its text with ChatGLM instead and has no place for them. To use the UNet's part alone: --lora-unet-only, in code Lora.ofUnet(file)."
                .formatted(path, ofClip, clip)
            : "%s is for %s only, and Kolors reads its text with ChatGLM instead: nothing of it can be used."
                .formatted(path, clip));
  }

  /** An error that the file has nothing for a network. */
  LoraException lacks(String what) {
    return new LoraException("%s holds no %s".formatted(path, what));
  }

  /**
   * Reads the adapter of a network.
   *
   * @param network which of the two that Kolors has
   * @param manager the owner of the matrices, which are float32
   * @throws LoraException if a layer is incomplete, or its numbers are none
   */
  LoraWeights read(Network network, NDManager manager) {
    Optional<AdapterConfig> config = config(network);
    boolean alphas =
        layers(network).values().stream().anyMatch(parts -> parts.containsKey(Part.ALPHA));
    Map<String, LoraLayer> result = new LinkedHashMap<>();
    boolean complete = false;
    try {
      for (Map.Entry<String, Map<Part, String>> entry : layers(network).entrySet()) {
        String name = entry.getKey();
        LoraLayer layer = layer(name, entry.getValue(), network, manager);
        result.put(name, layer); // so that it is freed with the others
        if (entry.getValue().containsKey(Part.ALPHA)) {
          result.put(name, layer.withAlpha(alpha(entry.getValue().get(Part.ALPHA), manager)));
        } else if (config.isPresent()) {
          result.put(name, config.get().applyTo(path.toString(), name, layer));
        } else if (format != LoraFormat.DIFFSYNTH && format != LoraFormat.PEFT) {
          // Diffusers takes the first layer's rank as the alpha of all (utils/peft_utils.py), kohya
          // each layer's own.
          LoraLayer first = result.values().iterator().next();
          boolean own = format != LoraFormat.DIFFUSERS || alphas;
          result.put(name, layer.withAlpha(own ? layer.rank() : first.rank()));
        }
      }
      complete = true;
      LoraWeights weights = new LoraWeights(result);
      if (format == LoraFormat.DIFFUSERS && config.isEmpty() && !alphas) {
        tellOfRanks(weights);
      }
      config
          .map(settings -> settings.unused(result.keySet()))
          .filter(unused -> !unused.isEmpty())
          .ifPresent(
              unused -> LOG.warn("{}: no layer has a name for the alphas of {}.", path, unused));
      return weights;
    } finally {
      if (!complete && !result.isEmpty()) {
        new LoraWeights(result).close();
      }
    }
  }

  private void tellOfRanks(LoraWeights weights) {
    if (weights.layers().values().stream().mapToInt(LoraLayer::rank).distinct().count() > 1) {
      LOG.warn(
          "{} has layers of different ranks and states no alpha: as in diffusers, the first layer's rank, {}, is the alpha of all.",
          path,
          weights.layers().values().iterator().next().rank());
    }
  }

  private Optional<AdapterConfig> config(Network network) {
    String fileName = path.getFileName().toString();
    Path beside = path.resolveSibling(PEFT_CONFIG);
    if (fileName.startsWith("adapter_model.") && Files.exists(beside)) {
      return AdapterConfig.inFile(beside);
    }
    String prefix = network == Network.UNET ? "unet." : "text_encoder.";
    boolean named = file.names().stream().anyMatch(name -> name.startsWith(prefix));
    return AdapterConfig.inMetadata(path, file.metadata(), named ? prefix : "");
  }

  private LoraLayer layer(
      String name, Map<Part, String> parts, Network network, NDManager manager) {
    String downKey = required(Part.DOWN, name, parts);
    String upKey = required(Part.UP, name, parts);
    boolean convolution = network == Network.UNET && UNetNames.isConvolution(name);
    List<NDArray> opened = new ArrayList<>();
    boolean complete = false;
    try {
      NDArray down = matrix(downKey, convolution, manager, opened);
      NDArray up = matrix(upKey, convolution, manager, opened);
      if (parts.containsKey(Part.MID)) {
        down = throughMiddle(down, parts.get(Part.MID), manager, opened);
      }
      LoraLayer layer = new LoraLayer(down, up);
      layer = layer.withMagnitude(magnitude(parts, layer, manager, opened));
      complete = true;
      return layer;
    } catch (IllegalArgumentException e) {
      throw new LoraException("%s: layer '%s': %s".formatted(path, name, e.getMessage()), e);
    } finally {
      if (!complete) {
        opened.forEach(NDArray::close);
      }
    }
  }

  private String required(Part part, String layer, Map<Part, String> parts) {
    String key = parts.get(part);
    if (key == null) {
      throw new LoraException(
          "%s lacks the %s matrix of layer '%s': the file is incomplete, save or download it again."
              .formatted(path, part.name().toLowerCase(Locale.ROOT), layer));
    }
    return key;
  }

  /** A matrix in the dimensions of its layer: programs write 1×1 convolutions as both. */
  private NDArray matrix(
      String key, boolean convolution, NDManager manager, Collection<NDArray> opened) {
    NDArray array = readFloats(key, manager);
    Shape shape = array.getShape();
    int dimensions = convolution ? 4 : 2;
    boolean single = shape.dimension() == 2 || shape.dimension() == 4 && shape.size(2, 3) == 1;
    if (shape.dimension() != dimensions && single) {
      long[] sizes =
          convolution
              ? new long[] {shape.get(0), shape.get(1), 1, 1}
              : new long[] {shape.get(0), shape.get(1)};
      try (NDArray other = array) {
        array = other.reshape(new Shape(sizes));
      }
    }
    opened.add(array);
    return array;
  }

  /**
   * Two of the three matrices of a Tucker decomposition as one: {@code mid · down} (LyCORIS {@code
   * functional/general.py}, {@code rebuild_tucker}).
   */
  private NDArray throughMiddle(
      NDArray down, String key, NDManager manager, Collection<NDArray> opened) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray mid = readFloats(key, scope);
      Shape shape = mid.getShape();
      Shape before = down.getShape();
      if (shape.dimension() != 4
          || before.dimension() != 4
          || before.size(2, 3) != 1
          || shape.get(1) != before.get(0)) {
        throw new IllegalArgumentException(
            "mid %s and down %s do not belong together: mid is (rank, rank, height, width), down (rank, in, 1, 1)."
                .formatted(shape, before));
      }
      NDArray source = down.duplicate();
      source.attach(scope);
      NDArray product =
          mid.transpose(0, 2, 3, 1)
              .reshape(-1, before.get(0))
              .matMul(source.reshape(before.get(0), before.get(1)))
              .reshape(shape.get(0), shape.get(2), shape.get(3), before.get(1))
              .transpose(0, 3, 1, 2)
              .duplicate();
      opened.remove(down);
      down.close();
      product.attach(manager);
      opened.add(product);
      return product;
    }
  }

  private @Nullable NDArray magnitude(
      Map<Part, String> parts, LoraLayer layer, NDManager manager, Collection<NDArray> opened) {
    boolean peft = parts.containsKey(Part.MAGNITUDE);
    String key = parts.get(peft ? Part.MAGNITUDE : Part.DORA_SCALE);
    if (key == null) {
      return null;
    }
    try (NDArray stored = readFloats(key, manager)) {
      Shape shape = stored.getShape();
      long rows = layer.up().getShape().get(0);
      long columns = layer.down().getShape().get(1);
      // Peft has the rows' lengths along the second axis of a convolution's.
      int axis = peft && shape.dimension() == 4 ? 1 : 0;
      boolean ofRows = shape.dimension() > axis && shape.size() == rows && shape.get(axis) == rows;
      boolean ofColumns =
          !peft && shape.dimension() > 1 && shape.size() == columns && shape.get(1) == columns;
      if (!ofRows && !ofColumns) {
        throw new IllegalArgumentException(
            "magnitude %s does not belong to down %s and up %s."
                .formatted(shape, layer.down().getShape(), layer.up().getShape()));
      }
      NDArray lengths = stored.reshape(ofRows ? new Shape(rows) : new Shape(1, columns));
      opened.add(lengths);
      return lengths;
    }
  }

  private double alpha(String key, NDManager manager) {
    if (file.info(key).shape().size() != 1) {
      throw new LoraException(
          "%s: '%s' is %s, and an alpha is one number."
              .formatted(path, key, file.info(key).shape()));
    }
    try (NDArray stored = file.read(key, manager);
        NDArray alpha = stored.toType(DataType.FLOAT32, false)) {
      return requireNumber(key, alpha.toFloatArray()[0]);
    }
  }

  private double requireNumber(String key, double alpha) {
    if (!Double.isFinite(alpha)) {
      throw new LoraException(
          "%s: '%s' is %s, with which nothing can be multiplied: a training or a conversion went wrong. Put the right number in its place, often the rank, or use another file."
              .formatted(path, key, alpha));
    }
    return alpha;
  }

  private NDArray readFloats(String key, NDManager manager) {
    DataType type = file.info(key).type();
    if (!type.isFloating()) {
      throw new LoraException(
          "%s: '%s' holds whole numbers (%s), and a LoRA's matrices are of real ones: it may be quantised. Get it in float32, float16 or bfloat16."
              .formatted(path, key, type));
    }
    NDArray array = file.read(key, manager);
    if (array.getDataType() != DataType.FLOAT32) {
      try (NDArray other = array) {
        array = other.toType(DataType.FLOAT32, true);
      }
    }
    if (!array.isEmpty() && !TensorOperators.allFinite(array)) {
      array.close();
      throw new LoraException(
          "%s: '%s' has values that are infinite or not a number, with which only black pictures could be drawn: the training went wrong, use an earlier checkpoint."
              .formatted(path, key));
    }
    return array;
  }

  @Override
  public void close() {
    file.close();
  }
}
