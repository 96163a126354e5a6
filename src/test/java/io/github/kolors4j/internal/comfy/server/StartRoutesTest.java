package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.WorkflowException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page asks for when it starts, its own files, and what there is not. */
class StartRoutesTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    Path page = Files.createDirectories(folder.resolve("page"));
    Files.writeString(page.resolve("index.html"), "<title>ComfyUI</title>");
    Files.createDirectories(page.resolve("assets"));
    Files.writeString(page.resolve("assets/index-1.js"), "let x;");
    Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(page.resolve("link.txt"), folder.resolve("secret.txt"));
    server =
        TestServer.start(
            folder.resolve("base"),
            s ->
                new ServerSettings(
                    s.listen(),
                    s.port(),
                    s.folders(),
                    s.token(),
                    s.origins(),
                    page,
                    s.paused(),
                    s.mostPrompts(),
                    s.mostUploadBytes(),
                    s.notices()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/features|{}",
        "/i18n|{}",
        "/users|{\"storage\":\"server\",\"migrated\":true}",
        "/settings|{\"Comfy.TutorialCompleted\":true}",
        "/userdata?dir=workflows&recurse=true&split=false&full_info=true|[]",
        "/userdata?dir=subgraphs&recurse=true&split=false&full_info=true|[]",
        "/extensions|[\"/extensions/kolors4j/first-graph.js\"]",
        "/global_subgraphs|{}",
        "/embeddings|[]",
        "/workflow_templates|{}",
        "/prompt|{\"exec_info\":{\"queue_remaining\":0}}",
        "/history|{}",
        "/history/no-such-id|{}",
        "/object_info/NoSuchNode|{}",
        "/queue|{\"queue_running\":[],\"queue_pending\":[],\"paused\":false}",
        "/jobs?status=pending,in_progress&limit=200&offset=0|{\"jobs\":[],\"pagination\":{\"offset\":0,\"limit\":200,\"total\":0,\"has_more\":false}}"
      })
  void answersAsTheContractSaysBareAndBelowApi(String path, String json) {
    JsonElement wanted = JsonParser.parseString(json);

    assertThat(server.json(path)).isEqualTo(wanted);
    assertThat(server.json("/api" + path)).isEqualTo(wanted);
  }

  @Test
  void tellsOfTheMachineWhatThePageReads() {
    JsonObject stats = server.json("/api/system_stats").getAsJsonObject();

    JsonObject system = stats.getAsJsonObject("system");
    assertThat(system.keySet())
        .contains(
            "os",
            "ram_total",
            "ram_free",
            "comfyui_version",
            "required_frontend_version",
            "python_version",
            "pytorch_version",
            "embedded_python",
            "argv");
    assertThat(system.getAsJsonArray("argv").asList().stream().map(JsonElement::getAsString))
        .contains("--disable-api-nodes");
    assertThat(stats.getAsJsonArray("devices").get(0).getAsJsonObject().keySet())
        .contains(
            "name",
            "type",
            "index",
            "vram_total",
            "vram_free",
            "torch_vram_total",
            "torch_vram_free");
  }

  @Test
  void namesTheFoldersOfModels() throws IOException {
    Path loras = Files.createDirectories(server.folders.models("loras"));
    byte[] header = "{\"__metadata__\":{\"format\":\"pt\"}}".getBytes();
    byte[] file =
        java.nio.ByteBuffer.allocate(8 + header.length)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array();
    Files.write(loras.resolve("style.safetensors"), file);

    JsonArray kinds = server.json("/api/experiment/models").getAsJsonArray();
    JsonObject style =
        server.json("/api/experiment/models/loras").getAsJsonArray().get(0).getAsJsonObject();

    assertThat(kinds.asList().stream().map(k -> k.getAsJsonObject().get("name").getAsString()))
        .contains("loras", "vae", "diffusers");
    assertThat(style.get("name").getAsString()).isEqualTo("style.safetensors");
    assertThat(style.get("size").getAsLong()).isEqualTo(file.length);
    assertThat(server.json("/models/loras").toString()).isEqualTo("[\"style.safetensors\"]");
    assertThat(server.json("/api/view_metadata/loras?filename=style.safetensors").toString())
        .isEqualTo("{\"format\":\"pt\"}");
    assertThat(server.get("/api/experiment/models/none").statusCode()).isEqualTo(404);
    assertThat(server.get("/view_metadata/loras?filename=../../x.safetensors").statusCode())
        .isEqualTo(404);
    assertThat(server.json("/internal/folder_paths").getAsJsonObject().keySet()).contains("vae");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/templates/index.json", "/templates/index.zh.json"})
  void listsOfTemplatesAreJson(String path) {
    assertThat(server.json(path).isJsonArray()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/user.css", "/api/userdata/user.css"})
  void stylesOfTheUserAreCssEvenIfThereAreNone(String path) {
    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
  }

  @Test
  void thePageIsServedAndItsFilesAreKeptByTheBrowser() {
    HttpResponse<byte[]> page = server.get("/");
    HttpResponse<byte[]> script = server.get("/assets/index-1.js");
    String version = script.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> again =
        server.send(
            HttpRequest.newBuilder(server.uri("/assets/index-1.js"))
                .header("If-None-Match", version));

    assertThat(TestServer.text(page)).contains("ComfyUI");
    assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("connect-src 'self'");
    assertThat(script.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/javascript");
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/no/such/page",
        "/api",
        "/api/",
        "/api/nothing",
        "/index.html/",
        "/assets",
        "/link.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2f..%2fsecret.txt",
        "/a%2F%2Fb",
        "/api/assets",
        "/api/node_replacements",
        "/docs/NoSuchNode/en.md"
      })
  void allElseIsNotFoundAndNeverThePage(String path) {
    HttpResponse<byte[]> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(TestServer.text(response)).doesNotContain("ComfyUI<").doesNotContain("secret");
  }

  @Test
  void aMethodThatARouteHasNotIsSaid() {
    assertThat(server.delete("/api/prompt").statusCode()).isEqualTo(405);
    assertThat(server.post("/api/system_stats", "").statusCode()).isEqualTo(405);
  }

  @Test
  void aProxysPrefixIsTakenOff() {
    HttpResponse<byte[]> response =
        server.send(
            HttpRequest.newBuilder(server.uri("/proxy/8188/api/users"))
                .header("X-Forwarded-Prefix", "/proxy/8188"));

    assertThat(TestServer.text(response)).contains("migrated");
  }

  @Test
  void theLogIsShownAndSentToWhoWantsIt() throws IOException {
    try (TestServer own = TestServer.start(folder.resolve("log"));
        TestClient client = own.connect("log-reader");
        TestClient other = own.connect("other")) {
      HttpResponse<byte[]> subscribed =
          own.send(
              HttpRequest.newBuilder(own.uri("/internal/logs/subscribe"))
                  .method(
                      "PATCH",
                      HttpRequest.BodyPublishers.ofString(
                          "{\"enabled\":true,\"clientId\":\"log-reader\"}")));
      Files.writeString(own.folders.user().resolve("default/comfy.settings.json"), "{");
      own.get("/api/settings"); // says that it cannot be read
      TestServer.await(() -> !client.of("logs").isEmpty());

      assertThat(subscribed.statusCode()).isEqualTo(200);
      assertThat(client.of("logs").get(0).toString()).contains("cannot be read");
      assertThat(other.of("logs")).isEmpty();
      assertThat(own.json("/internal/logs/raw").toString()).contains("cannot be read", "\"size\"");
      assertThat(own.json("/internal/logs").getAsString()).contains("cannot be read");
    }
  }

  @Test
  void severalServersCannotHaveOneFolder() {
    assertThatThrownBy(() -> TestServer.start(folder.resolve("base")))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("Another server (process");
  }
}
