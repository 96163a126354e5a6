package io.github.kolors4j.image;

import static io.github.kolors4j.image.PictureFileTest.AWKWARD;
import static io.github.kolors4j.image.PictureFileTest.PICTURES;
import static io.github.kolors4j.image.PictureVariantsTest.VARIANTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged pictures are decoded or refused, in little time and memory. */
class MutatedPicturesTest {
  private static final int MUTATIONS = 500;
  private static final long MAX_NANOSECONDS = 2_000_000_000L;
  private static final long MAX_BYTES = 256L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void fiveHundredMutatedPicturesAreDecodedOrRefused() throws IOException {
    Random random = new Random(5);
    List<byte[]> originals = originals();
    Path file = folder.resolve("mutated.jpg");
    int decoded = 0;
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(file, mutation(originals, random));
      long time = THREADS.getCurrentThreadCpuTime();
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      try {
        use(file);
        decoded++;
      } catch (PictureException e) {
        assertThat(e.reason()).isNotBlank().doesNotContain("Exception", "null", "out of bounds");
        refused++;
      }
      // The thread's own time: another program's load is no hang.
      assertThat(THREADS.getCurrentThreadCpuTime() - time)
          .as("nanoseconds for mutation %d", i)
          .isLessThan(MAX_NANOSECONDS);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - bytes)
          .as("bytes taken for mutation %d", i)
          .isLessThan(MAX_BYTES);
    }
    assertThat(decoded).isGreaterThan(50);
    assertThat(refused).isGreaterThan(200);
  }

  /** Sizes as a filter asks for them, and pixels. */
  static void use(Path file) {
    PictureHeader header = PictureHeader.read(file);
    BufferedImage picture = PictureFile.readUpright(file);
    assertThat((long) picture.getWidth() * picture.getHeight()).isEqualTo(header.pixels());
    assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    PictureHeader.readChecked(file);
  }

  private static List<byte[]> originals() throws IOException {
    List<byte[]> originals = new ArrayList<>();
    for (Path source : List.of(PICTURES, VARIANTS, AWKWARD)) {
      for (String name : PictureVariantsTest.picturesIn(source)) {
        byte[] content = Files.readAllBytes(source.resolve(name));
        if (content.length < 70_000) {
          originals.add(content);
        }
      }
    }
    PictureKindsTest.archive().entrySet().stream()
        .filter(file -> file.getKey().startsWith("files/"))
        .forEach(file -> originals.add(file.getValue()));
    return originals;
  }

  private static byte[] mutation(List<byte[]> originals, Random random) {
    byte[] content = originals.get(random.nextInt(originals.size())).clone();
    int header = Math.min(content.length, 128);
    switch (random.nextInt(6)) {
      case 0 -> flipBits(content, content.length, 1 + random.nextInt(32), random);
      case 1 -> flipBits(content, header, 1 + random.nextInt(4), random);
      case 2 -> {
        return Arrays.copyOf(content, random.nextInt(content.length));
      }
      case 3 -> { // another picture's header
        byte[] other = originals.get(random.nextInt(originals.size()));
        int length = Math.min(8 + random.nextInt(120), Math.min(other.length, content.length));
        System.arraycopy(other, 0, content, 0, length);
      }
      case 4 -> { // a number of the header at its extreme
        int at = random.nextInt(header - 3);
        byte extreme = (byte) (random.nextBoolean() ? 0xff : random.nextInt(2) * 0x7f);
        Arrays.fill(content, at, at + 1 + random.nextInt(4), extreme);
      }
      default -> { // a part is missing
        int from = random.nextInt(content.length);
        int length = random.nextInt(Math.min(200, content.length - from) + 1);
        byte[] shorter = Arrays.copyOf(content, content.length - length);
        System.arraycopy(content, from + length, shorter, from, content.length - from - length);
        return shorter;
      }
    }
    return content;
  }

  private static void flipBits(byte[] content, int length, int bits, Random random) {
    for (int i = 0; i < bits; i++) {
      content[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
    }
  }
}
