package io.github.kolors4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The scripts around a GPU, as far as a machine without one can run them. */
class GpuCheckTest {
  @Test
  @Tag("slow")
  void theDryRunMeasuresATinyUNetOnTheProcessor() throws Exception {
    ProcessBuilder check = new ProcessBuilder("bash", "environment/gpu", "check", "--dry-run");
    check.environment().put("KOLORS4J_CLASS_PATH", System.getProperty("java.class.path"));
    check.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(output(check))
        .containsPattern("denoise, kolors4j: \\d+\\.\\d{3} s a step .* on cpu\\(\\), float32")
        .containsPattern("train, kolors4j: \\d+\\.\\d{3} s a step");
  }

  private static String output(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.strip();
  }
}
