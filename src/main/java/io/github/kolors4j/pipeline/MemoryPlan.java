package io.github.kolors4j.pipeline;

import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.StorageType;
import java.util.List;
import java.util.Locale;

/**
 * What a pipeline holds where, in which type, and how much memory that takes; known from the
 * headers of the files before anything is loaded.
 *
 * @param textEncoder ChatGLM3
 * @param unet the denoising network
 * @param vae the autoencoder, which is always held
 * @param inTurn whether text encoder and UNet are held one at a time, since both do not fit; the
 *     embeddings of the last prompts are kept
 * @param device what computes: {@code cpu()} or {@code gpu(0)}
 * @param free bytes that the device has free, or that the pipeline was told to make do with
 */
public record MemoryPlan(
    Part textEncoder, Part unet, Part vae, boolean inTurn, String device, long free) {

  /** Java and PyTorch themselves, in bytes. */
  static final long OVERHEAD = 512L << 20;

  /**
   * One network.
   *
   * @param name for messages
   * @param loading how it is held and computed
   * @param bytes that its weights take
   * @param working bytes that it needs besides while it computes: one layer's converted weights,
   *     and activations for the picture size that the model was trained for; an estimate
   */
  public record Part(String name, LoadOptions loading, long bytes, long working) {
    long whileComputing() {
      return bytes + working;
    }
  }

  /** The same plan beside another amount of free memory. */
  MemoryPlan withFree(long free) {
    return new MemoryPlan(textEncoder, unet, vae, inTurn, device, free);
  }

  /** The most memory that is taken at any time, in bytes. */
  public long peak() {
    long largest = 0;
    for (Part part : List.of(textEncoder, unet, vae)) {
      long others = 0;
      for (Part other : List.of(textEncoder, unet, vae)) {
        boolean away =
            inTurn && other == textEncoder || inTurn && part == textEncoder && other == unet;
        others += other == part || away ? 0 : other.bytes();
      }
      largest = Math.max(largest, part.whileComputing() + others);
    }
    return largest + OVERHEAD;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("Memory on ")
        .append(device)
        .append(", ")
        .append(MachineMemory.gibibytes(free))
        .append(" free:");
    for (Part part : List.of(textEncoder, unet, vae)) {
      boolean disk = part.loading().storageType() == StorageType.DISK;
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %-12s  held as %-4s  computes in %s  %9s  + %s while it computes",
              part.name(),
              part.loading().storageType().label(),
              part.loading().precision().label(),
              disk ? "from disk" : MachineMemory.gibibytes(part.bytes()),
              MachineMemory.gibibytes(part.working())));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %s; %s at most",
            inTurn ? "text encoder and UNet one at a time" : "all at once",
            MachineMemory.gibibytes(peak())));
    return text.toString();
  }
}
