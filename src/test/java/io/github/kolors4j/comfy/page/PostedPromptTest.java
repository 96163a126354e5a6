package io.github.kolors4j.comfy.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client without a page does: a workflow becomes a prompt, and a prompt a picture. */
class PostedPromptTest {
  private static final String WORDS = "一个红色短发的小男孩，穿着蓝色背带裤";

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private ComfyServer server;

  @BeforeEach
  void start() {
    NodeCatalogue.register(new ConversionProbe());
    server = ComfyServer.options().port(0).base(folder).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theServerConvertsEachWorkflowAsThePageDoes() throws Exception {
    List<String> different = new ArrayList<>();
    for (String name : ConversionPairs.names()) {
      HttpResponse<byte[]> answer =
          post("api/workflow/convert", ConversionPairs.workflow(name).toString());
      JsonObject converted = json(answer);
      // The prompt alone, or beside what else the answer says.
      JsonElement prompt = converted.has("prompt") ? converted.get("prompt") : converted;
      // The page posts no class_type where it does not know the class; ours names it, for the
      // error.
      if (name.equals("unknown_class")) {
        assertThat(type(prompt, "3")).isEqualTo("NodeOfNobody");
      } else if (!prompt.equals(ConversionPairs.prompt(name))) {
        different.add(name + ": " + converted + "\n    and not " + ConversionPairs.prompt(name));
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void aPostedPromptGivesTheLibrarysPicturePixelForPixel() throws Exception {
    BufferedImage expected;
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.embedded())) {
      expected =
          pipeline
              .generate(
                  Prompt.of(WORDS).seed(7).steps(3).cfgScale(5).scheduler("EulerDiscreteScheduler"))
              .image();
    }
    JsonObject prompt = ConversionPairs.prompt("kolors_example");
    set(prompt, "12", "prompt", WORDS);
    JsonObject sampler = prompt.getAsJsonObject("14").getAsJsonObject("inputs");
    Map.of("seed", 7, "steps", 3, "width", expected.getWidth(), "height", expected.getHeight())
        .forEach(sampler::addProperty);
    JsonObject body = new JsonObject();
    body.add("prompt", prompt);
    HttpResponse<byte[]> answer = post("prompt", body.toString());
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);

    BufferedImage drawn = picture(history(json(answer).get("prompt_id").getAsString()));

    assertThat(pixels(drawn)).isEqualTo(pixels(expected));
  }

  private static String type(JsonElement prompt, String node) {
    return prompt.getAsJsonObject().getAsJsonObject(node).get("class_type").getAsString();
  }

  private static void set(JsonObject prompt, String node, String input, String value) {
    prompt.getAsJsonObject(node).getAsJsonObject("inputs").addProperty(input, value);
  }

  private JsonObject history(String id) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (System.nanoTime() < end) {
      JsonObject history = json(get("history/" + id));
      if (history.has(id)) return history.getAsJsonObject(id);
      Thread.onSpinWait();
    }
    throw new AssertionError("The prompt was not run.");
  }

  private BufferedImage picture(JsonObject job) throws IOException, InterruptedException {
    assertThat(job.getAsJsonObject("status").get("status_str").getAsString())
        .as(job.toString())
        .isEqualTo("success");
    JsonObject image =
        job.getAsJsonObject("outputs")
            .getAsJsonObject("3")
            .getAsJsonArray("images")
            .get(0)
            .getAsJsonObject();
    List<String> query = new ArrayList<>();
    for (String key : List.of("filename", "subfolder", "type")) {
      String value = image.get(key).getAsString();
      query.add(key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
    byte[] png = get("view?" + String.join("&", query)).body();
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    URI address = server.url().resolve(path);
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.url().resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonObject json(HttpResponse<byte[]> answer) {
    return JsonParser.parseString(new String(answer.body(), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }
}
