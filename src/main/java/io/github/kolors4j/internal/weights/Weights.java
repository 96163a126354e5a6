package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A network's weights as a tree of published names: each layer takes its own from its branch.
 *
 * <pre>{@code
 * Weights unet = new Weights(source, manager);
 * NDArray kernel = unet.at("down_blocks.0").at("resnets.0").at("conv1").get("weight", 64, 64, 3, 3);
 * }</pre>
 *
 * <p>After a network is built, {@link #requireAllUsed} proves that it took every tensor of the
 * file.
 */
public final class Weights implements AutoCloseable {
  private final WeightSource source;
  private final NDManager manager;
  private final String prefix;
  private final Map<String, NDArray> tensors;
  private final Map<String, Object> layers;

  /** Names of what was taken in another form than an array, or left on purpose. */
  private final Set<String> others;

  private final AtomicLong layerRevision;

  /**
   * @param source where the tensors come from
   * @param manager the owner of the tensors; closed with these weights
   */
  public Weights(WeightSource source, NDManager manager) {
    this(
        source,
        manager,
        "",
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new HashSet<>(),
        new AtomicLong());
  }

  private Weights(
      WeightSource source,
      NDManager manager,
      String prefix,
      Map<String, NDArray> tensors,
      Map<String, Object> layers,
      Set<String> others,
      AtomicLong layerRevision) {
    this.source = source;
    this.manager = manager;
    this.prefix = prefix;
    this.tensors = tensors;
    this.layers = layers;
    this.others = others;
    this.layerRevision = layerRevision;
  }

  /** The owner of the tensors. */
  public NDManager manager() {
    return manager;
  }

  /** Says that a layer of this network computes something else from now on. */
  public void layersChanged() {
    layerRevision.incrementAndGet();
  }

  /** Grows whenever a layer of this network begins to compute something else. */
  public long layerRevision() {
    return layerRevision.get();
  }

  /** The branch under a name, for example {@code mid_block.attentions.0}. */
  public Weights at(String name) {
    return new Weights(
        source, manager, prefix + name + ".", tensors, layers, others, layerRevision);
  }

  /** The name of this branch, without a dot at its end. */
  public String name() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /**
   * Takes the tensor of a name in this branch.
   *
   * @throws WeightsException if it is missing or of another shape
   */
  public NDArray get(String name, long... shape) {
    return take(name, full -> source.read(full, new Shape(shape), manager));
  }

  private NDArray take(String name, Function<String, NDArray> read) {
    Work.check();
    return tensors.computeIfAbsent(prefix + name, read);
  }

  /**
   * Takes the kernel of a convolution, on a processor in the order that is fastest there: {@link
   * TensorOperators#channelsLast}. One that stays in a file is taken as it is.
   *
   * @param shape (out, in, height, width)
   * @throws WeightsException if it is missing or of another shape
   */
  public NDArray kernel(String name, long... shape) {
    if (manager.getDevice().isGpu() || !writable()) {
      return get(name, shape);
    }
    return take(
        name,
        full -> {
          // Without gradients PyTorch would make it one that none ever flows through.
          try (Gradients recording = Gradients.enable();
              NDArray read = source.read(full, new Shape(shape), manager)) {
            return TensorOperators.channelsLast(read);
          }
        });
  }

  /**
   * Takes the matrix of a linear layer in few bits, if the source holds it so.
   *
   * @return the matrix, or nothing: then {@link #get} it
   * @throws WeightsException if it is missing or of another shape
   */
  public Optional<QuantizedMatrix> quantized(String name, long out, long in) {
    String full = prefix + name;
    Optional<QuantizedMatrix> matrix = source.quantized(full, new Shape(out, in), manager);
    if (matrix.isPresent()) {
      others.add(full);
    }
    return matrix;
  }

  /**
   * Counts a tensor as used without reading it.
   *
   * @throws WeightsException if it is missing or of another shape
   */
  public void leave(String name, long... shape) {
    source.check(prefix + name, new Shape(shape));
    others.add(prefix + name);
  }

  /** Whether the source has a tensor of this name in this branch. */
  public boolean has(String name) {
    return source.names().contains(prefix + name);
  }

  /** Whether the tensors may be written to; those that stay in a file may not. */
  public boolean writable() {
    return source.writable();
  }

  /** Enters a layer under this branch's name, so that {@link #layers} finds it. */
  public void enter(Object layer) {
    layers.put(name(), layer);
  }

  /**
   * The layers of a kind in the order in which the network was built, by their published names (as
   * torch's {@code named_modules}).
   */
  public <T> Map<String, T> layers(Class<T> kind) {
    Map<String, T> found = new LinkedHashMap<>();
    layers.forEach(
        (name, layer) -> {
          if (kind.isInstance(layer)) {
            found.put(name, kind.cast(layer));
          }
        });
    return found;
  }

  /** All tensors taken so far, by their full published names, in the order of taking. */
  public Map<String, NDArray> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * Checks that no tensor of the source was left over.
   *
   * @param network what was built, for the message
   * @throws WeightsException naming the tensors that no layer took
   */
  public void requireAllUsed(String network) {
    Set<String> unused = new TreeSet<>(source.names());
    unused.removeAll(tensors.keySet());
    unused.removeAll(others);
    if (!unused.isEmpty()) {
      String first = String.join(", ", unused.stream().limit(5).toList());
      throw new WeightsException(
          "%s: the weights hold %d tensors that the %s of this config.json does not have: %s%s. The weights and the config.json belong to different models; download both from the same place."
              .formatted(
                  source.described(),
                  unused.size(),
                  network,
                  first,
                  unused.size() > 5 ? ", …" : ""));
    }
  }

  /** Frees the tensors. */
  @Override
  public void close() {
    manager.close();
  }
}
