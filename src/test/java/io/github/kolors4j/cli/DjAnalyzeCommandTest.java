package io.github.kolors4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code kolors4j dj-analyze}, called as data-juicer's command is. */
class DjAnalyzeCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeTheDataSet() throws IOException {
    Files.writeString(folder.resolve("data.jsonl"), "{\"text\": \"蓝色头发\"}\n{\"text\": \"短\"}\n");
  }

  private int run(String... arguments) {
    CommandLine command = Kolors4j.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private String recipe(String process) throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        "dataset_path: "
            + folder.resolve("data.jsonl")
            + "\nexport_path: "
            + folder.resolve("output/result.jsonl")
            + "\nprocess:\n  - "
            + process
            + ":\n");
    return recipe.toString();
  }

  @Test
  void tablesAndChartsAreWrittenAndNamed() throws IOException {
    int code = run("dj-analyze", "--config", recipe("text_length_filter"));

    assertThat(code).as(err.toString()).isZero();
    Path analysis = folder.resolve("output/analysis");
    assertThat(analysis.resolve("overall.csv"))
        .hasContent(
            ",text_len\ncount,2.0\nmean,2.5\nstd,2.1213203435596424\nmin,1.0\n25%,1.75\n50%,2.5\n"
                + "75%,3.25\nmax,4.0");
    assertThat(analysis.resolve("text_len-hist.png")).exists();
    assertThat(out.toString()).contains("text_len").contains(analysis + "/overall.md");
  }

  @Test
  void oneSampleIsEnough() throws IOException {
    Path set = folder.resolve("one.jsonl");
    Files.writeString(set, "{\"text\": \"hello\"}\n");
    String recipe = recipe("text_length_filter:\n      min_len: 1\n  - alphanumeric_filter");

    int code = run("dj-analyze", "--config", recipe, "--dataset_path", set.toString());

    assertThat(code).as(err.toString()).isZero();
    Path analysis = folder.resolve("output/analysis");
    assertThat(analysis.resolve("overall.csv"))
        .hasContent(
            ",alnum_ratio,text_len\ncount,1.0,1.0\nmean,1.0,5.0\nstd,,\nmin,1.0,5.0\n25%,1.0,5.0\n"
                + "50%,1.0,5.0\n75%,1.0,5.0\nmax,1.0,5.0");
    assertThat(analysis.resolve("text_len-hist.png")).exists();
    assertThat(analysis.resolve("text_len-box.png")).exists();
    assertThat(analysis.resolve("stats-corr-pearson.png")).exists();
    assertThat(run("dj-analyze", "--config", recipe, "--dataset_path", empty())).as("none").isOne();
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  private String empty() throws IOException {
    return Files.writeString(folder.resolve("empty.jsonl"), "").toString();
  }

  @Test
  void aWrongRecipeIsOneMessageWithTheLine() throws IOException {
    int code = run("dj-analyze", "--config", recipe("text_lenght_filter"));

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("recipe.yaml, line 4")
        .contains("text_length_filter")
        .doesNotContain("\tat ");
    assertThat(run("dj-analyze")).as("the recipe is missing").isEqualTo(2);
  }
}
