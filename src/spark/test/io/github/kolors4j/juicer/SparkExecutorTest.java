package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recipes on a cluster give what they give in one process, byte for byte. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparkExecutorTest {
  private static final int SAMPLES = 5000;
  private static final int PICTURES = 500;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** All four kinds of operators, and one of each that a cluster could get wrong. */
  private static final String PROCESS =
      """
      image_key: images
      open_tracer: true
      trace_num: 20
      keep_stats_in_res_ds: true
      process:
        - whitespace_normalization_mapper:
        - image_shape_filter:
            min_width: 120
            min_height: 120
        - image_aspect_ratio_filter:
            min_ratio: 0.5
            max_ratio: 2.0
        - text_length_filter:
            min_len: 8
        - document_deduplicator:
        - image_deduplicator:
            method: phash
        - topk_specified_field_selector:
            field_key: score
            topk: 300
        - special_characters_filter:
            max_ratio: 0.5
      """;

  @TempDir static Path folder;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    writePictures();
    writeLines();
    cluster = new SparkCluster(folder);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Small and large, narrow and wide, some the same, some broken. */
  private static void writePictures() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Random random = new Random(3);
    for (int i = 0; i < PICTURES; i++) {
      Path file = pictures.resolve(i + (i % 2 == 0 ? ".jpg" : ".png"));
      if (i % 50 == 49) {
        Files.writeString(file, "no picture");
        continue;
      }
      Random drawing = new Random(i % 20 == 7 ? 7 : i);
      int width = 100 + random.nextInt(200);
      int height = 100 + random.nextInt(200);
      BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      for (int k = 0; k < 40; k++) {
        graphics.setColor(new Color(drawing.nextInt(1 << 24)));
        graphics.fillOval(
            (int) (drawing.nextDouble() * width), (int) (drawing.nextDouble() * height), 60, 40);
      }
      graphics.dispose();
      ImageIO.write(picture, i % 2 == 0 ? "jpg" : "png", file.toFile());
    }
  }

  private static void writeLines() throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(4);
    for (int i = 0; i < SAMPLES; i++) {
      int picture = i % PICTURES;
      String text = "一个　蓝色头发的男孩 " + (i % 3 == 0 ? "!!!???" : "") + random.nextInt(3000);
      lines.append(
          "{\"text\": %s, \"images\": [\"pictures/%d.%s\"], \"score\": %d.5, \"meta\": {\"n\": %d}}%n"
              .formatted(
                  i % 97 == 0 ? "null" : '"' + text + '"',
                  picture,
                  picture % 2 == 0 ? "jpg" : "png",
                  random.nextInt(100000),
                  i));
    }
    Files.writeString(folder.resolve("in.jsonl"), lines);
  }

  @Test
  void fiveThousandSamplesComeOutAsFromOneProcess() throws Exception {
    Recipe recipe = recipe("in.jsonl", "local", PROCESS);
    JuicerResult result = Juicer.run(recipe, folder);
    assertThat(result.size()).isEqualTo(SAMPLES);
    assertThat(result.keptSize()).isBetween(50, 300);

    runOnCluster("in.jsonl", "cluster", PROCESS);

    assertThat(files("cluster")).isEqualTo(files("local"));
    assertThat(files("cluster"))
        .containsKeys(
            "result.jsonl",
            "result_rejected.jsonl",
            "trace/duplicate-image_deduplicator.jsonl",
            "trace/filter-topk_specified_field_selector.jsonl",
            "trace/mapper-whitespace_normalization_mapper.jsonl");
  }

  @Test
  void aFolderOfPicturesAndAParquetFileComeOutAsFromOneProcess() throws Exception {
    String process =
        """
        text_keys: text
        process:
          - image_shape_filter:
              min_width: 150
          - image_deduplicator:
              method: dhash
        """;
    Juicer.run(recipe("pictures", "folder-local", process), folder);
    runOnCluster("pictures", "folder-cluster", process);
    assertThat(files("folder-cluster")).isEqualTo(files("folder-local"));

    String toParquet = "process:\n  - text_length_filter:\n      min_len: 4\n";
    Juicer.run(
        Recipe.parse(
            "test", "dataset_path: in.jsonl\nexport_path: parquet/in.parquet\n" + toParquet),
        folder);
    Juicer.run(recipe("parquet/in.parquet", "parquet-local", process), folder);
    runOnCluster("parquet/in.parquet", "parquet-cluster", process);
    assertThat(files("parquet-cluster")).isEqualTo(files("parquet-local"));
  }

  @Test
  void aKilledWorkerChangesNothing() throws Exception {
    try (SparkCluster own = new SparkCluster(Files.createDirectory(folder.resolve("killed")))) {
      Juicer.run(recipe("in.jsonl", "before", PROCESS), folder);
      Path said = folder.resolve("killed.txt");
      Process run = start(own, "in.jsonl", "after", PROCESS, said);
      waitForTasks(own.workFolder(0), run);
      own.kill(0);

      assertThat(SparkCluster.finish(run, LIMIT)).as(Files.readString(said)).isZero();
      assertThat(said).content().contains("Lost executor");
      assertThat(files("after")).isEqualTo(files("before"));
    }
  }

  /** Until executors of a worker are in the midst of it. */
  private static void waitForTasks(Path work, Process run) throws Exception {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < LIMIT.toNanos()) {
      assertThat(run.isAlive()).as("ended before the worker was killed").isTrue();
      if (Files.isDirectory(work)) {
        try (Stream<Path> files = Files.walk(work)) {
          for (Path file : files.filter(f -> f.endsWith("stderr")).toList()) {
            if (Files.readString(file).split("Finished task").length > 5) {
              return;
            }
          }
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no executor has begun");
  }

  @Test
  void whatStopsARecipeStopsItOnACluster() throws Exception {
    String process =
        "skip_op_error: false\nprocess:\n  - image_shape_filter:\n      min_width: 1\n";
    assertThatThrownBy(() -> Juicer.run(recipe("in.jsonl", "stopped", process), folder))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("image_shape_filter stopped at line 50");

    Path said = folder.resolve("stopped.txt");
    Process run = start(cluster, "in.jsonl", "stopped", process, said);

    assertThat(SparkCluster.finish(run, LIMIT)).isEqualTo(1);
    assertThat(said).content().contains("image_shape_filter stopped at line 50");
    assertThat(folder.resolve("stopped/result.jsonl")).doesNotExist();
  }

  private static Recipe recipe(String dataset, String result, String process) {
    return Recipe.parse("test", yaml(dataset, result, process));
  }

  private static String yaml(String dataset, String result, String process) {
    return "dataset_path: %s\nexport_path: %s/result.jsonl\n".formatted(dataset, result) + process;
  }

  private static void runOnCluster(String dataset, String result, String process)
      throws Exception {
    Path said = folder.resolve(result + ".txt");
    Process run = start(cluster, dataset, result, process, said);
    assertThat(SparkCluster.finish(run, LIMIT)).as(Files.readString(said)).isZero();
  }

  private static Process start(
      SparkCluster cluster, String dataset, String result, String process, Path said)
      throws IOException {
    Path recipe = folder.resolve(result + ".yaml");
    Files.writeString(recipe, yaml(dataset, folder.resolve(result).toString(), process));
    return cluster.kolors4j(
        said,
        "dj-process",
        "--config=" + recipe,
        "--dataset_path=" + folder.resolve(dataset),
        "--executor_type=spark",
        "--spark_master=" + cluster.master());
  }

  /** Everything that a run has written, by its path. */
  private static Map<String, String> files(String result) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    Path root = folder.resolve(result);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return contents;
  }
}
