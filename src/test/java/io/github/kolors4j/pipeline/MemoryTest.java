package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.Golden;
import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.scheduler.SchedulerType;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.ObjectName;
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
        Prompt prompt = PROMPT.scheduler(type.className());
        GeneratedPicture picture = pipeline.generate(prompt.steps(2));
        pipeline.generate(prompt.steps(4).startFrom(picture.image(), 0.5));
        assertThat(pipeline.nativeArrays()).as(type.className()).isEqualTo(weights);
      }
    }
  }

  /**
   * In a process of its own, in which the Java virtual machine's share of the memory holds still: a
   * heap that is there from the start, and the compiler that takes little.
   */
  @Test
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
  void aHundredPicturesLeaveTheMemoryAsTenDo() throws Exception {
    Process process =
        JavaProcess.of(
                List.of(
                    "-Xms128m",
                    "-Xmx128m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                MemoryTest.class)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    List<String> lines = output.lines().toList();
    String[] afterTen = lines.get(lines.size() - 2).split(" ");
    String[] afterHundred = lines.get(lines.size() - 1).split(" ");
    assertThat(afterHundred[1]).as("native arrays").isEqualTo(afterTen[1]);
    assertThat(Double.parseDouble(afterHundred[0]))
        .as("resident kB, after ten: " + afterTen[0])
        .isLessThan(1.05 * Double.parseDouble(afterTen[0]));
  }

  /** Draws a hundred pictures; prints resident memory in kB and arrays after ten and at the end. */
  public static void main(String[] arguments) throws Exception {
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY))) {
      for (int i = 1; i <= 100; i++) {
        pipeline.generate(PROMPT.seed(i));
        if (i == 10 || i == 100) {
          System.out.println(residentKilobytes() + " " + pipeline.nativeArrays());
        }
      }
    }
  }

  /** Without the pages that malloc keeps for later. */
  private static long residentKilobytes() throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "systemTrimNativeHeap",
            new Object[0],
            new String[0]);
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
