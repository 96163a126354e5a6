package io.github.kolors4j.internal.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * As much of an NVIDIA GPU as decides which random numbers PyTorch draws on it.
 *
 * <p>{@code torch.randn} gives each thread of the GPU a sequence of its own. As long as the GPU has
 * a thread for each number, all GPUs draw the same; a smaller GPU draws the numbers for which it
 * has no thread from the sequences that it has. The latents of a picture of 1024×1024 are 65,536
 * numbers: GPUs of fewer {@link #threads()}, such as the T4 and the RTX 3060, draw other noise for
 * it than the rest, and so other pictures.
 *
 * @param multiprocessors how many the GPU has ({@code torch.cuda.get_device_properties(0)
 *     .multi_processor_count})
 * @param threadsPerMultiprocessor how many threads one of them holds ({@code
 *     max_threads_per_multi_processor}): 1,024 (Turing), 1,536 (GeForce and A10 from Ampere on) or
 *     2,048
 */
public record CudaGpu(int multiprocessors, int threadsPerMultiprocessor) {
  /** The course's, with 24 GB. */
  public static final CudaGpu A10 = new CudaGpu(72, 1536);

  /** Google Colab's free one, with 16 GB. */
  public static final CudaGpu T4 = new CudaGpu(40, 1024);

  private static final Map<String, CudaGpu> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("A10", A10);
    BY_NAME.put("T4", T4);
    BY_NAME.put("V100", new CudaGpu(80, 2048));
    BY_NAME.put("P100", new CudaGpu(56, 2048));
    BY_NAME.put("A100", new CudaGpu(108, 2048));
    BY_NAME.put("H100", new CudaGpu(132, 2048));
    BY_NAME.put("L4", new CudaGpu(58, 1536));
    BY_NAME.put("RTX 2080 Ti", new CudaGpu(68, 1024));
    BY_NAME.put("RTX 3060", new CudaGpu(28, 1536));
    BY_NAME.put("RTX 3090", new CudaGpu(82, 1536));
    BY_NAME.put("RTX 4060", new CudaGpu(24, 1536));
    BY_NAME.put("RTX 4090", new CudaGpu(128, 1536));
  }

  /** Checks the numbers. */
  public CudaGpu {
    if (multiprocessors < 1 || threadsPerMultiprocessor < CudaRandom.BLOCK) {
      throw new IllegalArgumentException(
          "A GPU has 1 multiprocessor or more, of %d threads or more; got %d of %d."
              .formatted(CudaRandom.BLOCK, multiprocessors, threadsPerMultiprocessor));
    }
  }

  /**
   * A GPU by its name, such as {@code "T4"} or {@code "RTX 3060"}; case, spaces and hyphens do not
   * matter, nor what stands before, such as "NVIDIA GeForce".
   *
   * @throws IllegalArgumentException if it is not among those that are known by name; any other can
   *     be made from its two numbers
   */
  public static CudaGpu named(String name) {
    String wanted = normalized(name);
    return BY_NAME.entrySet().stream()
        .filter(known -> wanted.equals(normalized(known.getKey())))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No GPU \"%s\" is known by name, only %s. Give the numbers of another: new CudaGpu(multiprocessors, threadsPerMultiprocessor)."
                        .formatted(name, String.join(", ", BY_NAME.keySet()))));
  }

  private static String normalized(String name) {
    List<String> words =
        Arrays.stream(name.toUpperCase(Locale.ROOT).split("[\\s_-]+"))
            .filter(word -> !List.of("NVIDIA", "TESLA", "GEFORCE").contains(word))
            .toList();
    return String.join("", words);
  }

  /** How many threads it runs at once. */
  public long threads() {
    int blocks = threadsPerMultiprocessor / CudaRandom.BLOCK;
    return (long) multiprocessors * blocks * CudaRandom.BLOCK;
  }
}
