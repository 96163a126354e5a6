package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every kind are used or refused by the library's own exceptions, which name them;
 * none ends or hangs the process, which has 512 MiB.
 */
class DamagedFilesTest {
  @TempDir Path folder;

  @Test
  void aFewDamagedFilesOfEachKindAreUsedOrRefused() throws Exception {
    requireNoProblem(4, 1);
  }

  @Test
  @Tag("slow")
  void threeHundredDamagedFilesOfEachKindAreUsedOrRefused() throws Exception {
    requireNoProblem(300, 1_000);
  }

  private void requireNoProblem(int count, long firstSeed)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    ProcessBuilder program =
        JavaProcess.of(
                List.of(
                    "-Xmx512m",
                    "-Djava.io.tmpdir=" + folder,
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
                MutatedFiles.class,
                Integer.toString(count),
                Long.toString(firstSeed))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Process process = program.start();
    boolean ended = process.waitFor(20, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(output);
    assertThat(ended && process.waitFor() == 0)
        .as("ended without a problem: %s", problems(lines))
        .isTrue();
    assertThat(lines).anyMatch(line -> line.matches("unet-config: \\d+ used, \\d+ refused"));
    assertThat(lines).last().isEqualTo("0 problems");
  }

  /** What went wrong, and the last file that was tried. */
  private static String problems(List<String> lines) {
    return lines.stream()
            .filter(line -> !line.startsWith("> ") && !line.matches("\\S+: \\d+ used.*"))
            .limit(60)
            .collect(Collectors.joining("\n"))
        + "\n"
        + lines.get(lines.size() - 1);
  }
}
