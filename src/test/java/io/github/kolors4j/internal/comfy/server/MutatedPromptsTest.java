package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.ComfyServer;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server, its queue paused, and prompts that are wrong in three hundred ways. */
class MutatedPromptsTest {
  private static final int PROMPTS = 300;
  private static final List<String> WORKFLOWS =
      List.of("kolors_example", "kolors_img2img_example", "kolors_with_lora_example");

  @TempDir static Path folder;
  private static final List<String> NOTICES = new CopyOnWriteArrayList<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ComfyServer server;

  @BeforeAll
  static void start() {
    server = ComfyServer.options().port(0).base(folder).paused().notices(NOTICES::add).start();
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(NOTICES).noneMatch(notice -> notice.contains("\tat "));
  }

  private static HttpResponse<String> post(String path, byte[] body) throws Exception {
    URI address = server.url().resolve(path);
    return HTTP.send(
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject prompt(String workflow) throws Exception {
    byte[] json = Files.readAllBytes(Path.of("data/workflows", workflow + ".json"));
    HttpResponse<String> answer = post("/api/workflow/convert", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void noneIsAFaultAndEachHasItsShape() throws Exception {
    Random random = new Random(15);
    List<JsonObject> prompts = new ArrayList<>();
    for (String workflow : WORKFLOWS) {
      prompts.add(prompt(workflow));
    }
    int refused = 0;
    for (int i = 0; i < PROMPTS; i++) {
      JsonObject prompt = prompts.get(i % prompts.size()).deepCopy();
      int times = 1 + random.nextInt(3);
      for (int n = 0; n < times; n++) {
        mutate(prompt, random);
      }
      byte[] body = bytes("{\"prompt\":" + prompt + "}");
      if (i % 4 == 3) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      HttpResponse<String> answer = post("/api/prompt", body);
      String sent = new String(body, StandardCharsets.UTF_8);
      assertThat(answer.statusCode()).as("%s\n%s", sent, answer.body()).isIn(200, 400);
      JsonObject json = JsonParser.parseString(answer.body()).getAsJsonObject();
      if (answer.statusCode() == 200) {
        assertThat(json.keySet()).containsExactly("prompt_id", "number", "node_errors");
      } else {
        refused++;
        assertThat(json.keySet()).containsExactlyInAnyOrder("error", "node_errors");
        assertThat(json.getAsJsonObject("error").keySet())
            .contains("type", "message", "details", "extra_info");
        json.getAsJsonObject("node_errors")
            .asMap()
            .values()
            .forEach(
                error ->
                    assertThat(error.getAsJsonObject().keySet())
                        .contains("errors", "dependent_outputs", "class_type"));
      }
    }
    assertThat(refused).isBetween(PROMPTS / 4, PROMPTS);
  }

  /** Changes a value somewhere to something else. */
  private static void mutate(JsonElement json, Random random) {
    if (json instanceof JsonObject object && !object.isEmpty()) {
      List<String> names = List.copyOf(object.keySet());
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) > 0 && !object.get(name).isJsonPrimitive()) {
        mutate(object.get(name), random);
      } else if (random.nextInt(6) == 0) {
        object.remove(name);
      } else if (random.nextInt(6) == 0) {
        object.add(name + "x", object.remove(name));
      } else {
        object.add(name, nonsense(random));
      }
    } else if (json instanceof JsonArray list && !list.isEmpty()) {
      list.set(random.nextInt(list.size()), nonsense(random));
    }
  }

  private static JsonElement nonsense(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> new JsonPrimitive(-1);
      case 2 -> new JsonPrimitive(1e300);
      case 3 -> new JsonPrimitive("");
      case 4 -> new JsonPrimitive("\u0000../../x\ud800");
      case 5 -> new JsonPrimitive(true);
      case 6 -> new JsonObject();
      case 7 -> new JsonArray();
      case 8 -> Json.array("3", 0);
      case 9 -> Json.array("nowhere", 99);
      case 10 -> Json.object("__value__", Json.array(1));
      default -> new JsonPrimitive(new BigInteger("9".repeat(30)));
    };
  }

  @Test
  void whatTheIssueNamesIsAnsweredWithTheNode() throws Exception {
    assertThat(refusal(prompt -> prompt.add("1000", node("NoSuchNode"))))
        .contains("NoSuchNode", "1000");
    assertThat(refusal(prompt -> inputs(prompt, "KolorsSampler").addProperty("steps", Double.NaN)))
        .contains("steps", "KolorsSampler");
    assertThat(refusal(prompt -> inputs(prompt, "KolorsSampler").addProperty("steps", 10_000)))
        .contains("value_bigger_than_max", "steps");
    assertThat(
            refusal(
                prompt ->
                    inputs(prompt, "KolorsSampler").add("kolors_model", Json.array("777", 0))))
        .contains("777");
    assertThat(
            refusal(
                prompt ->
                    inputs(prompt, "VAEDecode")
                        .add("samples", Json.array(id(prompt, "VAEDecode"), 0))))
        .contains("VAEDecode");
    assertThat(
            refusal(
                prompt ->
                    inputs(prompt, "VAEDecode")
                        .add("samples", Json.array(id(prompt, "KolorsSampler"), 99))))
        .contains("VAEDecode");
  }

  private static JsonObject node(String type) {
    return Json.object("class_type", type, "inputs", new JsonObject());
  }

  private static String id(JsonObject prompt, String type) {
    return prompt.asMap().entrySet().stream()
        .filter(
            node -> node.getValue().getAsJsonObject().get("class_type").getAsString().equals(type))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static JsonObject inputs(JsonObject prompt, String type) {
    return prompt.getAsJsonObject(id(prompt, type)).getAsJsonObject("inputs");
  }

  private static String refusal(Consumer<JsonObject> change) throws Exception {
    JsonObject prompt = prompt("kolors_example");
    change.accept(prompt);
    HttpResponse<String> answer =
        post("/prompt", bytes("{\"prompt\":" + ComfyJson.write(prompt) + "}"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    return answer.body();
  }
}
