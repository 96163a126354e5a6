package io.github.kolors4j.juicer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.juicer.Sample;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a recipe reads, and what it says of others. */
class DatasetFilesTest {
  @TempDir Path folder;
  @TempDir Path output;

  @Test
  void linksToFoldersAreFollowedAndLoopsNoticed() throws IOException {
    write("there/a.jsonl", "{\"text\": \"a\"}\n");
    write("more/b.jsonl", "{\"text\": \"b\"}\n");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("there"));
    Files.createSymbolicLink(folder.resolve("there/more"), folder.resolve("more"));
    Files.createSymbolicLink(folder.resolve("there/loop"), folder.resolve("there"));
    Files.createSymbolicLink(folder.resolve("there/broken.jsonl"), folder.resolve("nowhere"));

    JuicerResult result = run("link");

    assertThat(texts(result)).containsExactly("a", "b");
    assertThat(result.notices())
        .anyMatch(notice -> notice.contains("lead back") && notice.contains("link/loop"))
        .anyMatch(notice -> notice.contains("cannot be read") && notice.contains("broken.jsonl"));
    assertThat(result.toString()).contains("link/loop");
  }

  @Test
  void aLinkToAFolderOfPicturesIsOne() throws IOException {
    Files.createDirectories(folder.resolve("there"));
    Files.copy(Path.of("src/test/resources/juicer/img/g.png"), folder.resolve("there/0.png"));
    write("there/0.txt", "zero");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("there"));

    assertThat(texts(run("link"))).containsExactly("zero");
  }

  @Test
  void filesOfMacOsArePassedOverAndOtherHiddenOnesReadWithANotice() throws IOException {
    write("a.jsonl", "{\"text\": \"a boy\"}\n");
    Files.write(folder.resolve("._a.jsonl"), new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0, -1});
    assertThat(run(".").notices())
        .singleElement()
        .asString()
        .contains("files of macOS are passed over", "._a.jsonl");

    write(".ipynb_checkpoints/a-checkpoint.jsonl", "{\"text\": \"old boy\"}\n");
    JuicerResult result = run(".");
    assertThat(texts(result)).containsExactlyInAnyOrder("a boy", "old boy");
    assertThat(result.notices()).anyMatch(notice -> notice.contains("hidden files are read, too"));
  }

  @Test
  void filesOfAnotherKindThatAreNotReadAreNoticed() throws IOException {
    write("a.jsonl", "{\"text\": \"a\"}\n");
    write("b.jsonl", "{\"text\": \"b\"}\n");
    write("c.csv", "text\nc\n");

    assertThat(run(".").notices()).singleElement().asString().contains("are not read", "c.csv");
  }

  @Test
  void picturesWithoutCaptionsAreNoticedInARecipeToo() throws IOException {
    for (String name : List.of("0.png", "1.png", "2.png", ".hidden.png")) {
      Files.copy(Path.of("src/test/resources/juicer/img/g.png"), folder.resolve(name));
    }
    write("0.caption", "zero");

    JuicerResult result = run(".");

    assertThat(texts(result)).containsExactly("zero", "", "");
    assertThat(result.notices())
        .singleElement()
        .asString()
        .contains("2 of 3 pictures have no caption", ".txt, .caption");

    write("1.txt", "one");
    write("2.txt", "two");
    Files.createDirectories(folder.resolve("10_boy"));
    Files.copy(folder.resolve("0.png"), folder.resolve("10_boy/3.png"));
    assertThat(run(".").notices())
        .singleElement()
        .asString()
        .contains("pictures of folders within are not read", "10_boy");
    for (String name : List.of("0.png", "1.png", "2.png")) {
      Files.delete(folder.resolve(name));
    }
    assertThatThrownBy(() -> run("."))
        .isInstanceOf(RecipeException.class)
        .hasMessageContainingAll("has pictures only in folders within it, such as", "10_boy");
  }

  @Test
  void anotherEncodingIsNamedAndCanBeChosen() throws IOException {
    byte[] bytes = "text\n一个男孩\n".getBytes(Charset.forName("GBK"));
    Files.write(folder.resolve("in.csv"), bytes);

    assertThatThrownBy(() -> run("in.csv"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("in.csv, line 2: this is not UTF-8 text, but seems to be GBK")
        .hasMessageContaining("in a recipe encoding: GB18030");
    assertThat(
            texts(
                Recipe.builder("in.csv")
                    .encoding("GBK")
                    .exportPath(output + "/r.jsonl")
                    .run(folder)))
        .containsExactly("一个男孩");
    assertThatThrownBy(() -> Recipe.parse("r.yaml", "dataset_path: in.csv\nencoding: GBKK\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("r.yaml, line 2")
        .hasMessageContaining("no encoding of text");
  }

  @Test
  void anEmptyDatasetPathIsNoFolderAndAnEmptyExportPathNoFile() {
    for (String yaml : List.of("dataset_path:\n", "dataset_path: ''\n", "dataset_path: '  '\n")) {
      assertThatThrownBy(() -> Recipe.parse("r.yaml", "np: 1\n" + yaml))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("r.yaml, line 2: dataset_path is empty");
    }
    assertThatThrownBy(() -> Recipe.parse("r.yaml", "dataset_path: a.csv\nexport_path:\n"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("r.yaml, line 2: export_path is empty");
  }

  @Test
  void archivesAndTablesOfOtherProgramsAreRefusedWithTheRemedy() throws IOException {
    for (String name : List.of("a.jsonl.gz", "a.jsonl.zst", "a.xlsx", "a.zip")) {
      write(name, "x");
      assertThatThrownBy(() -> run(name))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining(name + " is read by no recipe: unpack it first");
    }
  }

  @Test
  void aLineThatIsTooLongIsRefused() throws IOException {
    String text = "x".repeat((1 << 24) + 1);
    write("in.jsonl", "{\"text\": \"a\"}\n{\"text\": \"" + text + "\"}\n");
    assertThatThrownBy(() -> run("in.jsonl"))
        .hasMessageContaining("in.jsonl, line 2: this line has more than ");

    write("in.json", "[{\"text\": \"" + text + "\"}]");
    assertThatThrownBy(() -> run("in.json")).hasMessageContaining("in.json, line 1");

    write("in.csv", "text\n\"" + text + "\"\n");
    assertThatThrownBy(() -> run("in.csv"))
        .hasMessageContaining(
            "in.csv, line 2: the row (is a quotation mark missing?) has more than");
  }

  @Test
  void tooManyFieldsAreRefused() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      lines.append("{\"text\": \"a\", \"id").append(i).append("\": 1}\n");
    }
    write("in.jsonl", lines.toString());

    assertThatThrownBy(() -> run("in.jsonl"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("more than 4096 different fields, such as id4095");
  }

  private JuicerResult run(String dataset) {
    return Recipe.builder(dataset).exportPath(output + "/r.jsonl").run(folder);
  }

  private static List<String> texts(JuicerResult result) {
    return result.samples().stream().map(Sample::text).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
