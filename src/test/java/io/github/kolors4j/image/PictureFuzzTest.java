package io.github.kolors4j.image;

import static io.github.kolors4j.image.PictureFileTest.PICTURES;
import static io.github.kolors4j.image.PictureVariantsTest.VARIANTS;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all are a picture or a {@link PictureException}. Without the environment variable
 * {@code JAZZER_FUZZ} this reads its seeds, and what was found earlier; with it, it searches for
 * more (docs/pictures.md).
 */
class PictureFuzzTest {
  private static final long MAX_BYTES = 256L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Path source : List.of(PICTURES, VARIANTS)) {
      for (String name : PictureVariantsTest.picturesIn(source)) {
        seeds.add(Files.readAllBytes(source.resolve(name)));
      }
    }
    return seeds;
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "1m") // must be the last annotation
  void anyBytesAreAPictureOrAPictureException(byte[] content) throws IOException {
    Path file = Files.createTempFile("fuzz", ".png");
    try {
      Files.write(file, content);
      // The first use may have loaded classes: what took too much is measured again.
      if (bytesTaken(file) > MAX_BYTES && bytesTaken(file) > MAX_BYTES) {
        throw new AssertionError("took more than 256 MiB");
      }
    } finally {
      Files.delete(file);
    }
  }

  private static long bytesTaken(Path file) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      MutatedPicturesTest.use(file);
    } catch (PictureException refused) {
      // as it should be
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
