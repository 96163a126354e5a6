package io.github.kolors4j.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowTest {
  private static final Path RECORDED = Path.of("src/test/resources/comfy/conversion");

  @TempDir Path folder;

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(RECORDED)) {
      return files.filter(file -> file.toString().matches(".*(workflow|prompt)\\.json")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsWrittenBackIsWhatWasRead(Path file) throws IOException {
    Workflow workflow = Workflow.load(file);

    String saved = Files.readString(workflow.save(folder.resolve("a/b.json")));

    assertThat(workflow.isPrompt()).isEqualTo(file.toString().contains(".prompt."));
    // White space aside, to the letter: fields that nobody knows, their order, digits of numbers.
    assertThat(withoutSpace(saved)).isEqualTo(withoutSpace(Files.readString(file)));
  }

  private static String withoutSpace(String json) {
    return json.replaceAll("\\s", "");
  }

  @Test
  void numbersKeepTheirDigits() throws IOException {
    String json =
        "{\"nodes\":[],\"version\":0.40,\"big\":18446744073709551615,\"small\":1e-400,\"nan\":NaN}";

    Path saved = Workflow.parse(json).save(folder.resolve("numbers.json"));

    assertThat(withoutSpace(Files.readString(saved))).isEqualTo(json);
  }

  @Test
  void aWorkflowIsNotChangedByWhoReadsIt() {
    Workflow workflow = Workflow.parse("{\"nodes\":[]}");

    workflow.json().addProperty("more", 1);

    assertThat(workflow.json().keySet()).containsExactly("nodes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | a list",
        "5 | a single value",
        "{} | an empty object",
        "{\"a\":{\"b\":1}} | an object with a",
        "{\"nodes\":5} | an object with nodes"
      })
  void anythingElseIsRefusedInWords(String json, String word) {
    assertThatThrownBy(() -> Workflow.parse(json))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("neither a workflow of ComfyUI")
        .hasMessageContaining(word);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"nodes\":[ | line 1", "{} {} | behind the end", "{a:1} | double-quote"})
  void whatIsNoJsonIsRefusedWithItsPlace(String json, String word) {
    assertThatThrownBy(() -> Workflow.parse(json))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("is no JSON")
        .hasMessageContaining(word);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Workflow.load(folder.resolve("none.json")))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("none.json is not there");
  }

  @Test
  void aPromptIsItsOwnPrompt() {
    Workflow prompt = Workflow.load(RECORDED.resolve("kolors_example.prompt.json"));

    JsonObject copy = prompt.prompt();
    copy.remove("14");

    assertThat(prompt.prompt().has("14")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tEXt", "iTXt", "zTXt"})
  void theWorkflowOfAPictureIsReadFromEveryKindOfText(String kind) throws IOException {
    String json = "{\"nodes\":[],\"extra\":{\"text\":\"\\u4e8c\"}}";
    byte[] text = json.getBytes(StandardCharsets.US_ASCII);
    byte[] head =
        switch (kind) {
          case "tEXt" -> "workflow\0".getBytes(StandardCharsets.US_ASCII);
          case "iTXt" -> "workflow\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
          default -> "workflow\0\0".getBytes(StandardCharsets.US_ASCII);
        };
    byte[] body = kind.equals("zTXt") ? deflated(text) : text;

    Workflow read = Workflow.load(png(kind, head, body));

    assertThat(read.json().getAsJsonObject("extra").get("text").getAsString()).isEqualTo("二");
  }

  @Test
  void aPictureWithoutWorkflowOpensItsPrompt() throws IOException {
    byte[] head = "prompt\0".getBytes(StandardCharsets.US_ASCII);
    byte[] prompt = "{\"3\":{\"class_type\":\"A\",\"inputs\":{\"is\":[NaN]}}}".getBytes();

    assertThat(Workflow.load(png("tEXt", head, prompt)).isPrompt()).isTrue();
    assertThatThrownBy(() -> Workflow.load(png("tEXt", "other\0".getBytes(), prompt)))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("carries no workflow");
  }

  private static byte[] deflated(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(text);
    }
    return bytes.toByteArray();
  }

  private Path png(String kind, byte[] head, byte[] body) throws IOException {
    ByteBuffer png = ByteBuffer.allocate(8 + 12 + head.length + body.length + 12);
    png.putLong(0x89504E470D0A1A0AL).putInt(head.length + body.length).put(kind.getBytes());
    png.put(head).put(body).putInt(0).putInt(0).put("IEND".getBytes()).putInt(0);
    return Files.write(folder.resolve("picture.png"), png.array());
  }
}
