package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings and saved workflows. */
class UserFilesTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Path user() {
    return server.folders.user().resolve("default");
  }

  @Test
  void settingsAreKeptOneByOneAndTogether() throws IOException {
    assertThat(server.post("/api/settings/Comfy.Locale", "\"zh\"").statusCode()).isEqualTo(200);
    assertThat(server.post("/api/settings", "{\"a.b\":{\"c\":1},\"x\":null}").statusCode())
        .isEqualTo(200);

    assertThat(server.json("/api/settings/Comfy.Locale").getAsString()).isEqualTo("zh");
    assertThat(server.json("/api/settings/none").isJsonNull()).isTrue();
    assertThat(server.json("/api/settings").getAsJsonObject().keySet())
        .contains("Comfy.Locale", "a.b", "x");
    assertThat(Files.readString(user().resolve("comfy.settings.json"))).contains("\"zh\"");
    assertThat(server.post("/api/settings", "[1]").statusCode()).isEqualTo(400);
  }

  @Test
  void aWorkflowIsSavedReadListedMovedAndDeleted() {
    String path = "/api/userdata/workflows%2F%E7%94%B7%E5%AD%A9%2Fboy.json"; // 男孩
    JsonObject saved =
        TestServer.json(server.post(path + "?overwrite=false&full_info=true", "{\"a\":1}"), 200)
            .getAsJsonObject();
    HttpResponse<byte[]> clash = server.post(path + "?overwrite=false", "{}");
    HttpResponse<byte[]> read = server.get(path);

    assertThat(saved.get("path").getAsString()).isEqualTo("workflows/男孩/boy.json");
    assertThat(saved.get("size").getAsInt()).isEqualTo(7);
    assertThat(saved.keySet()).contains("modified", "created");
    assertThat(clash.statusCode()).isEqualTo(409);
    assertThat(TestServer.text(read)).isEqualTo("{\"a\":1}");
    assertThat(read.headers().firstValue("Content-Disposition")).contains("attachment");
    assertThat(read.headers().firstValue("X-Content-Type-Options")).contains("nosniff");

    String list = "/api/userdata?dir=workflows&recurse=true&split=false&full_info=true";
    assertThat(server.json(list).toString()).contains("\"path\":\"男孩/boy.json\"");
    assertThat(server.json("/userdata?dir=workflows&recurse=true&split=true").toString())
        .contains("[\"男孩/boy.json\",\"男孩\",\"boy.json\"]");
    assertThat(server.json("/userdata?dir=workflows").toString()).isEqualTo("[]");
    assertThat(server.json("/api/v2/userdata?path=workflows").toString())
        .contains("\"type\":\"directory\"", "\"path\":\"workflows/男孩/boy.json\"");

    HttpResponse<byte[]> moved =
        server.post(path + "/move/workflows%2Fgirl.json?overwrite=false", "");
    assertThat(JsonParser.parseString(TestServer.text(moved)).getAsString())
        .isEqualTo("workflows/girl.json");
    assertThat(server.get(path).statusCode()).isEqualTo(404);
    assertThat(server.delete("/api/userdata/workflows%2Fgirl.json").statusCode()).isEqualTo(204);
    assertThat(server.delete("/api/userdata/workflows%2Fgirl.json").statusCode()).isEqualTo(404);
  }

  @Test
  void movingOntoAnotherFileIsAClashIfAskedNotTo() {
    server.post("/api/userdata/one.json", "1");
    server.post("/api/userdata/two.json", "2");

    assertThat(server.post("/api/userdata/one.json/move/two.json?overwrite=false", "").statusCode())
        .isEqualTo(409);
    assertThat(server.post("/api/userdata/none.json/move/x.json", "").statusCode()).isEqualTo(404);
    assertThat(server.post("/api/userdata/one.json/move/two.json", "").statusCode()).isEqualTo(200);
    assertThat(TestServer.text(server.get("/api/userdata/two.json"))).isEqualTo("1");
  }

  @Test
  void markupIsGivenOutAsBytes() {
    server.post("/api/userdata/page.html", "<script>alert(1)</script>");

    HttpResponse<byte[]> page = server.get("/api/userdata/page.html");

    assertThat(page.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(page.headers().firstValue("Content-Disposition")).contains("attachment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2Fsettings.json",
        "workflows%2F..%2F..%2F..%2Fx",
        "%2Fetc%2Fpasswd",
        "..%5C..%5Cx",
        "C:%5Cx",
        "c:x",
        "a%00b",
        "CON",
        "workflows%2Fnul.json",
        "ends.",
        "%2e%2e%2fx",
        "link%2Fsecret.txt"
      })
  void namesThatLeadOutAreRefused(String name) throws IOException {
    Path secret = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-outside"));
    Files.writeString(secret.resolve("secret.txt"), "secret");
    Path link = user().resolve("link");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, secret);
    }

    for (HttpResponse<byte[]> response :
        new HttpResponse[] {
          server.get("/api/userdata/" + name),
          server.post("/api/userdata/" + name, "x"),
          server.delete("/api/userdata/" + name),
          server.post("/api/userdata/" + name + "/move/there.json", ""),
        }) {
      assertThat(response.statusCode()).isIn(400, 403);
      assertThat(TestServer.text(response)).doesNotContain("secret");
    }
    assertThat(Files.readString(secret.resolve("secret.txt"))).isEqualTo("secret");
    assertThat(server.get("/api/userdata?dir=..").statusCode()).isEqualTo(403);
    assertThat(server.get("/api/v2/userdata?path=..").statusCode()).isEqualTo(400);
  }

  @Test
  void brokenSettingsAreSaidAndLeftAside() throws IOException {
    server.post("/api/settings", "{\"k\":1}");
    Files.writeString(user().resolve("comfy.settings.json"), "{broken");

    assertThat(server.json("/api/settings").getAsJsonObject().has("k")).isFalse();
    assertThat(server.notices).anyMatch(notice -> notice.contains("cannot be read"));
  }

  @Test
  void missingFoldersAreNotFound() {
    assertThat(server.get("/api/userdata?dir=none").statusCode()).isEqualTo(404);
    assertThat(server.get("/api/userdata").statusCode()).isEqualTo(400);
    assertThat(server.post("/api/users", "{\"username\":\"me\"}").statusCode()).isEqualTo(400);
  }
}
