package io.github.kolors4j.comfy.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * The golden files of the conversion: workflows, and the prompts that ComfyUI's page made of them.
 */
final class ConversionPairs {
  static final Path FOLDER = Path.of("src/test/resources/comfy/conversion");
  private static final String WORKFLOW = ".workflow.json";
  private static final String PROMPT = ".prompt.json";

  private ConversionPairs() {}

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(WORKFLOW))
          .map(name -> name.substring(0, name.length() - WORKFLOW.length()))
          .sorted()
          .toList();
    }
  }

  static Path workflowFile(String name) {
    return FOLDER.resolve(name + WORKFLOW);
  }

  static JsonObject workflow(String name) throws IOException {
    return read(workflowFile(name));
  }

  static JsonObject prompt(String name) throws IOException {
    return read(FOLDER.resolve(name + PROMPT));
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  /** Writes a pair, with a line for each node and each link. */
  static void write(String name, JsonObject workflow, JsonObject prompt) throws IOException {
    StringJoiner lines = new StringJoiner(",\n", "{\n", "\n}\n");
    for (Map.Entry<String, JsonElement> entry : workflow.entrySet()) {
      String value = entry.getValue().toString();
      if (List.of("nodes", "links").contains(entry.getKey())
          && entry.getValue().isJsonArray()
          && !entry.getValue().getAsJsonArray().isEmpty()) {
        StringJoiner elements = new StringJoiner(",\n  ", "[\n  ", "\n]");
        entry.getValue().getAsJsonArray().forEach(each -> elements.add(each.toString()));
        value = elements.toString();
      }
      lines.add(Chromium.quoted(entry.getKey()) + ": " + value);
    }
    Files.writeString(workflowFile(name), lines.toString());
    StringJoiner nodes = new StringJoiner(",\n", "{\n", "\n}\n");
    prompt
        .entrySet()
        .forEach(each -> nodes.add(Chromium.quoted(each.getKey()) + ": " + each.getValue()));
    Files.writeString(FOLDER.resolve(name + PROMPT), nodes.toString());
  }
}
