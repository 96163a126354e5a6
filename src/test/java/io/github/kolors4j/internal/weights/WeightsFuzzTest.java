package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all are weights or a {@link WeightsException}, in little memory. Without the
 * environment variable {@code JAZZER_FUZZ} this reads its seeds, and what was found earlier; with
 * it, one method at a time searches for more (docs/interchange.md).
 */
class WeightsFuzzTest {
  private static final Path ODD = Path.of("src/test/resources/golden/odd_weights");
  private static final Path ANY = Path.of("any.pt");
  private static final long MAX_BYTES = 256L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static List<byte[]> torchFiles() throws IOException {
    return contents(".pt", ".ckpt", ".bin");
  }

  static List<byte[]> safetensorsFiles() throws IOException {
    return contents(".safetensors");
  }

  static List<byte[]> pickles() throws IOException {
    List<byte[]> pickles = new ArrayList<>();
    for (Path path : files(".pt", ".ckpt")) {
      try (ZipFile zip = new ZipFile(path.toFile())) {
        var entry = zip.stream().filter(e -> e.getName().endsWith("data.pkl")).findFirst();
        pickles.add(zip.getInputStream(entry.orElseThrow()).readAllBytes());
      }
    }
    return pickles;
  }

  private static List<byte[]> contents(String... ends) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path path : files(ends)) {
      contents.add(Files.readAllBytes(path));
    }
    return contents;
  }

  private static List<Path> files(String... ends) throws IOException {
    try (Stream<Path> files = Files.list(ODD)) {
      return files
          .filter(file -> Arrays.stream(ends).anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  @MethodSource("pickles")
  @FuzzTest(maxDuration = "1m") // must be the last annotation
  void anyBytesAreAPickleOfWeightsOrRefused(byte[] content) {
    requireRefusalOrUse(() -> TorchUnpickler.read(ANY, content));
  }

  @MethodSource("torchFiles")
  @FuzzTest(maxDuration = "1m")
  void anyBytesAreATorchFileOrRefused(byte[] content) throws IOException {
    requireWeightsOrRefusal(content, TorchFile::open);
  }

  @MethodSource("safetensorsFiles")
  @FuzzTest(maxDuration = "1m")
  void anyBytesAreASafetensorsFileOrRefused(byte[] content) throws IOException {
    requireWeightsOrRefusal(content, SafetensorsFile::open);
  }

  private static void requireWeightsOrRefusal(byte[] content, Function<Path, TensorFile> reader)
      throws IOException {
    Path path = Files.createTempFile("fuzz", ".weights");
    try {
      Files.write(path, content);
      requireRefusalOrUse(
          () -> {
            try (TensorFile file = reader.apply(path);
                NDManager manager = NDManager.newBaseManager()) {
              file.names().stream().limit(20).forEach(name -> use(file, name, manager));
            }
          });
    } finally {
      Files.delete(path);
    }
  }

  private static void use(TensorFile file, String name, NDManager manager) {
    TensorInfo info = file.info(name);
    NDArray read = file.read(name, manager);
    NDArray mapped = file.map(name, manager);
    if (!read.getShape().equals(info.shape()) || !mapped.getShape().equals(info.shape())) {
      throw new AssertionError(info + " was read as " + read.getShape());
    }
    if (info.elements() < 1_000_000) {
      read.toByteBuffer();
      mapped.toByteBuffer();
    }
  }

  private static void requireRefusalOrUse(Runnable use) {
    // The first use may have loaded classes: what took too much is measured again.
    if (bytesTaken(use) > MAX_BYTES && bytesTaken(use) > MAX_BYTES) {
      throw new AssertionError("took more than 256 MiB");
    }
  }

  private static long bytesTaken(Runnable use) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      use.run();
    } catch (WeightsException refused) {
      // as it should be
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
