package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.cli.Kolors4j;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data set that is larger than the memory, and runs that end badly, in processes of their own.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MillionLinesTest {
  private static final int LINES = 1_000_000;
  private static final String RECIPE =
      """
      dataset_path: in.jsonl
      export_path: out/result.jsonl
      process:
        - text_length_filter:
            min_len: 20
        - alphanumeric_filter:
            min_ratio: 0.5
        - special_characters_filter:
            max_ratio: 0.5
        - average_line_length_filter:
            min_len: 5
        - maximum_line_length_filter:
            min_len: 5
      """;

  @TempDir Path folder;

  @Test
  void aMillionLinesGoThroughTheTextFiltersInHalfAGigabyte() throws Exception {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    writeLines(LINES);

    String said = finish(start("-Xmx512m"), 0);

    int tooShort = LINES / 10;
    assertThat(said)
        .contains("%d samples, %d kept, %d rejected".formatted(LINES, LINES - tooShort, tooShort));
    try (Stream<String> lines = Files.lines(folder.resolve("out/result.jsonl"))) {
      assertThat(lines.count()).isEqualTo(LINES - tooShort);
    }
    try (Stream<String> lines = Files.lines(folder.resolve("out/result_stats.jsonl"))) {
      assertThat(lines.count()).isEqualTo(LINES - tooShort);
    }
    try (Stream<String> lines = Files.lines(folder.resolve("out/result_rejected.jsonl"))) {
      assertThat(lines.count()).isEqualTo(tooShort);
    }
  }

  @Test
  void aRunKilledMidwayLeavesNothingHalfAndTheNextOneSucceeds() throws Exception {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/result.jsonl"), "older");
    writeLines(LINES);
    Process run = start("-Xmx128m");
    // More than waits in memory, so that the run has read a good part and set samples aside.
    while (bytesRead(run) < 80_000_000) {
      assertThat(run.isAlive()).as("still at work").isTrue();
      Thread.sleep(20);
    }
    run.destroyForcibly().waitFor();
    assertThat(folder.resolve("out").toFile().list()).containsExactly("result.jsonl");
    assertThat(folder.resolve("out/result.jsonl")).hasContent("older");

    writeLines(1000);
    assertThat(finish(start("-Xmx128m"), 0)).contains("1000 samples, 900 kept, 100 rejected");
  }

  /** A limit on the size of files is a full disk that needs no rights. */
  @Test
  void aDiskThatTakesNoMoreIsReportedAndKeepsTheDataSet() throws Exception {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    writeLines(20_000);
    long size = Files.size(folder.resolve("in.jsonl"));
    Process run = start("-Xmx128m", "ulimit -f 1000");

    String said = finish(run, 1);

    assertThat(said)
        .contains("result.jsonl cannot be written")
        .contains("The data set is as it was")
        .doesNotContain("\tat ");
    assertThat(Files.size(folder.resolve("in.jsonl"))).isEqualTo(size);
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  /** How much a running process has read, by the system's count. */
  private static long bytesRead(Process process) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", process.pid() + "", "io"))) {
      return lines
          .filter(line -> line.startsWith("rchar: "))
          .mapToLong(line -> Long.parseLong(line.substring(7)))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Nine of ten are long enough. */
  private static String line(int i) {
    String text =
        i % 10 == 0 ? "short " + i : "a picture of a girl number " + i + ", 红色连衣裙，在家中的沙发上坐着，很无聊";
    return "{\"id\": " + i + ", \"text\": \"" + text + "\", \"images\": [\"" + i + ".jpg\"]}\n";
  }

  private void writeLines(int count) throws IOException {
    try (var out = Files.newBufferedWriter(folder.resolve("in.jsonl"))) {
      for (int i = 0; i < count; i++) {
        out.write(line(i));
      }
    }
  }

  /** The command in a process of its own; {@code before} is done by the shell that starts it. */
  private Process start(String heap, String... before) throws IOException {
    List<String> options =
        List.of(heap, "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8");
    List<String> shell = new ArrayList<>(List.of("bash", "-c"));
    shell.add(String.join("\n", before) + "\nexec \"$@\"");
    shell.add("bash");
    shell.addAll(
        JavaProcess.command(
            options, classPath(), Kolors4j.class, "dj-process", "--config", "recipe.yaml"));
    return new ProcessBuilder(shell)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  private static String classPath() {
    String here = Path.of("").toAbsolutePath() + "/";
    return Stream.of(System.getProperty("java.class.path").split(":"))
        .map(entry -> entry.startsWith("/") ? entry : here + entry)
        .reduce((a, b) -> a + ":" + b)
        .orElseThrow();
  }

  private String finish(Process run, int code) throws Exception {
    boolean ended = run.waitFor(5, TimeUnit.MINUTES);
    run.destroyForcibly();
    String said = Files.readString(folder.resolve("said"));
    assertThat(ended).as(said).isTrue();
    assertThat(run.exitValue()).as(said).isEqualTo(code);
    return said;
  }
}
