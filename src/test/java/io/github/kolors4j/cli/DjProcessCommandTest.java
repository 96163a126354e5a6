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

/** {@code kolors4j dj-process}, with data-juicer's options. */
class DjProcessCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"bbb\"}\n");
    Files.writeString(
        folder.resolve("recipe.yaml"),
        "dataset_path: nowhere.jsonl\nprocess:\n  - text_length_filter:\n      min_len: 2\n");
  }

  private int run(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "dj-process";
    System.arraycopy(options, 0, arguments, 1, options.length);
    CommandLine command = Kolors4j.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void aRecipeRunsWithTheDataSetAndResultOfTheCommandLine() {
    Path result = folder.resolve("out/r: 1.jsonl");
    int code =
        run(
            "--config",
            folder.resolve("recipe.yaml").toString(),
            "--dataset_path",
            folder.resolve("in.jsonl").toString(),
            "--export_path=" + result,
            "--np",
            "2",
            "--keep_stats_in_res_ds",
            "--open_tracer",
            "true",
            "--op_list_to_trace",
            "text_length_filter,document_deduplicator");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("2 samples, 1 kept, 1 rejected")
        .contains("text_length_filter: 2 → 1")
        .contains(result.toString());
    assertThat(result).hasContent("{\"text\":\"bbb\",\"__dj__stats__\":{\"text_len\":3}}");
    assertThat(folder.resolve("out/trace/filter-text_length_filter.jsonl")).exists();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aRecipeThatCannotRunIsOneMessageAndExitsWithOne() {
    assertThat(run("--config", folder.resolve("recipe.yaml").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("nowhere.jsonl does not exist").doesNotContain("\tat ");
    assertThat(run("--config", folder.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("There is no recipe");
  }

  @Test
  void aWrongOptionExitsWithTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("--config");
    assertThat(run("--config", "x.yaml", "--export_pth", "y")).isEqualTo(2);
    assertThat(err.toString()).contains("--export_path");
  }

  @Test
  void helpNamesTheOptionsAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--dataset_path", "--export_path", "--np", "Exit codes:");
  }

  @Test
  void optionsStandInForKeysThatTheRecipeLacksOrHasWrong() throws IOException {
    Path recipe = folder.resolve("lacking.yaml");
    Files.writeString(recipe, "np: 0\nprocess:\n  - text_length_filter:\n      min_len: 2\n");
    String set = folder.resolve("in.jsonl").toString();
    String result = folder.resolve("out.jsonl").toString();

    assertThat(
            run(
                "--config",
                recipe.toString(),
                "--dataset_path",
                set,
                "--np=2",
                "--export_path",
                result))
        .as(err.toString())
        .isZero();
    assertThat(run("--config", recipe.toString(), "--np=2")).isEqualTo(1);
    assertThat(err.toString()).contains("lacking.yaml has no dataset_path");
    assertThat(run("--config", recipe.toString(), "--dataset_path", set)).isEqualTo(1);
    assertThat(err.toString()).contains("lacking.yaml, line 1: np must be at least 1");
  }
}
