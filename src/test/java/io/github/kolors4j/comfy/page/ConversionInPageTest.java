package io.github.kolors4j.comfy.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the golden files of the conversion are what ComfyUI's page posts, with the nodes as our
 * server declares them. {@code mvn test -Pslow -Dtest=ConversionInPageTest -Dconversion.write=true}
 * records those that are missing, as {@code cases.js} makes them.
 */
@Tag("slow")
class ConversionInPageTest {
  @TempDir Path folder;

  @Test
  void thePagePostsWhatWasRecorded() throws IOException {
    try (PageServer server = PageServer.start(folder);
        ComfyPage page = ComfyPage.open(server.address())) {
      if (Boolean.getBoolean("conversion.write")) record(page);
      List<String> different = new ArrayList<>();
      for (String name : ConversionPairs.names()) {
        page.load(ConversionPairs.workflow(name));
        JsonObject posted = page.posted();
        if (!posted.equals(ConversionPairs.prompt(name))) different.add(name + ": " + posted);
      }
      assertThat(different).isEmpty();
      assertThat(ConversionPairs.names()).hasSizeGreaterThanOrEqualTo(40);
    }
  }

  private static void record(ComfyPage page) throws IOException {
    Chromium browser = page.browser();
    browser.evaluate(Files.readString(ConversionPairs.FOLDER.resolve("cases.js")));
    JsonObject published = new JsonObject();
    for (String name :
        List.of("kolors_example", "kolors_img2img_example", "kolors_with_lora_example")) {
      published.add(name, ConversionPairs.workflow(name));
    }
    browser.evaluate("globalThis.published = " + published);
    JsonElement cases = browser.evaluate("Object.keys(conversionCases(published))");
    for (JsonElement each : cases.getAsJsonArray()) {
      String name = each.getAsString();
      if (Files.exists(ConversionPairs.workflowFile(name))) continue;
      String made =
          "(async () => JSON.stringify(await conversionCases(published).%s() ?? app.graph.serialize()))()";
      JsonObject workflow =
          JsonParser.parseString(browser.evaluate(made.formatted(name)).getAsString())
              .getAsJsonObject();
      page.load(workflow);
      ConversionPairs.write(name, workflow, page.posted());
    }
  }
}
