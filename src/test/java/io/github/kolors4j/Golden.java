package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** One file of results that the Python originals computed. */
public final class Golden implements AutoCloseable {
  /** The tiny Kolors with random weights that the results were computed with. */
  public static final Path TINY = Path.of("src/test/resources/golden/kolors-tiny");

  private final SafetensorsFile file;
  private final NDManager manager;

  public Golden(String name, NDManager manager) {
    file = SafetensorsFile.open(path(name + ".safetensors"));
    this.manager = manager;
  }

  public static Path path(String name) {
    return Path.of("src/test/resources/golden").resolve(name);
  }

  /** The text of a {@code .gz} of results: large ones are kept packed. */
  public static String unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public NDArray get(String name) {
    return file.read(name, manager);
  }

  public Set<String> names() {
    return file.names();
  }

  public String metadata(String key) {
    return file.metadata().get(key);
  }

  /** Asserts that two arrays differ by at most a share of the expected one's largest value. */
  public static void assertClose(String what, NDArray actual, NDArray expected, double share) {
    assertThat(actual.getShape()).as(what).isEqualTo(expected.getShape());
    float[] a = actual.toFloatArray();
    float[] e = expected.toFloatArray();
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(e[i]));
      double d = Math.abs((double) a[i] - e[i]);
      difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
    }
    assertThat(difference / largest).as(what + ": largest relative difference").isLessThan(share);
  }

  @Override
  public void close() {
    file.close();
  }
}
