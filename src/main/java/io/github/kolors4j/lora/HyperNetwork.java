package io.github.kolors4j.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.HyperNetworkFile;
import io.github.kolors4j.internal.lora.HyperNetworkWeights;
import java.nio.file.Path;

/**
 * A hypernetwork as the Stable Diffusion web UI has them, and how much of it is applied: small
 * networks that change what attention makes its keys and values of, {@code x + strength · f(x)}
 * before {@code to_k} and {@code to_v}. Immutable.
 *
 * <pre>{@code
 * pipeline.add(HyperNetwork.of(Path.of("ink.pt")).strength(0.8))
 * }</pre>
 */
public final class HyperNetwork {

  /** Where the weights come from. */
  @FunctionalInterface
  private interface Source {
    HyperNetworkWeights read(NDManager manager);
  }

  private final Source source;
  private final String name;
  private final double strength;

  private HyperNetwork(Source source, String name, double strength) {
    this.source = source;
    this.name = name;
    this.strength = strength;
  }

  /**
   * A hypernetwork in a file, which is read when it is added to a model.
   *
   * @param file the web UI's {@code .pt} file
   */
  public static HyperNetwork of(Path file) {
    return new HyperNetwork(
        manager -> HyperNetworkFile.read(file, manager), String.valueOf(file.getFileName()), 1);
  }

  /**
   * A hypernetwork in memory, such as one that is being trained. Its weights stay the caller's, and
   * must live as long as it is added to a pipeline.
   */
  public static HyperNetwork of(HyperNetworkWeights weights) {
    return new HyperNetwork(manager -> weights, "hypernetwork", 1);
  }

  /**
   * Sets how much of the effect there is: 1 for all of it, which is so if this is not set, 0 for
   * none.
   *
   * @throws IllegalArgumentException if it is no finite number
   */
  public HyperNetwork strength(double other) {
    if (!Double.isFinite(other)) {
      throw new IllegalArgumentException(
          "A hypernetwork's strength is a number, usually from 0 to 1, not %s.".formatted(other));
    }
    return new HyperNetwork(source, name, other);
  }

  /** How much of its effect there is. */
  public double strength() {
    return strength;
  }

  /** The file's name, or {@code hypernetwork} for one in memory. */
  public String name() {
    return name;
  }

  /**
   * Reads it.
   *
   * @param manager the owner of the weights; those in memory stay where they are
   * @throws LoraException if it is no hypernetwork
   * @throws io.github.kolors4j.WeightsException if the file cannot be read
   */
  public HyperNetworkWeights read(NDManager manager) {
    return source.read(manager);
  }
}
