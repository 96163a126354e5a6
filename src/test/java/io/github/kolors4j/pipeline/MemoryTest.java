package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import io.github.kolors4j.scheduler.SchedulerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A notebook draws all day: memory must not grow with the pictures. */
class MemoryTest {
  private static final Prompt PROMPT =
      Prompt.of("蓝色头发的男孩").negative("模糊").seed(0).steps(5).size(64, 96);

  @Test
  void noArrayOutlivesItsPicture() {
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY))) {
      int weights = pipeline.nativeArrays();
      assertThat(weights).isGreaterThan(100);
      for (SchedulerType type : SchedulerType.values()) {
        GeneratedPicture picture = pipeline.generate(PROMPT.steps(2).scheduler(type.className()));
        pipeline.generate(
            PROMPT.steps(4).scheduler(type.className()).startFrom(picture.image(), 0.5));
        assertThat(pipeline.nativeArrays()).as(type.className()).isEqualTo(weights);
      }
    }
  }

  @Test
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
  void aHundredPicturesLeaveTheMemoryAsTenDo() throws IOException {
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY))) {
      for (int i = 0; i < 10; i++) {
        pipeline.generate(PROMPT.seed(i));
      }
      int arrays = pipeline.nativeArrays();
      long resident = residentKilobytes();
      for (int i = 10; i < 100; i++) {
        pipeline.generate(PROMPT.seed(i));
      }
      assertThat(pipeline.nativeArrays()).isEqualTo(arrays);
      assertThat((double) residentKilobytes() / resident).isLessThan(1.05);
    }
  }

  /** After a collection, so that the Java heap's ups and downs do not count. */
  private static long residentKilobytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
