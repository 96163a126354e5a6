package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page hears over its WebSocket. */
class WebSocketTest {
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

  @Test
  void statusComesFirstThenTheFeaturesThatAreAskedFor() {
    try (TestClient client = server.connect("")) {
      client.send("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
      TestServer.await(() -> !client.of("feature_flags").isEmpty());

      JsonObject status = client.messages.get(0).getAsJsonObject("data");
      JsonObject features = client.of("feature_flags").get(0);
      assertThat(status.get("sid").getAsString()).hasSize(32);
      assertThat(status.getAsJsonObject("status").getAsJsonObject("exec_info").keySet())
          .containsExactly("queue_remaining");
      assertThat(features.get("supports_preview_metadata").getAsBoolean()).isTrue();
      assertThat(features.get("max_upload_size").getAsLong()).isPositive();
      assertThat(features.keySet()).doesNotContain("assets", "node_replacements");
    }
  }

  @Test
  void aRunIsToldToItsClientFromStartToEnd() throws IOException {
    try (TestClient client = server.connect("drawer");
        TestClient other = server.connect("other")) {
      client.send("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
      TestServer.await(() -> !client.of("feature_flags").isEmpty());
      String id = server.queue("drawer", "Step", "Save");
      client.awaitDone(id);

      assertThat(client.typesOf(id).stream().filter(type -> !type.equals("progress_state")))
          .containsExactlyElementsOf(TestClient.MESSAGES_OF_A_RUN);
      assertThat(other.typesOf(id)).isEmpty();
      TestServer.await(() -> other.of("status").size() >= 4);

      JsonObject executing = client.of("executing").get(0);
      assertThat(executing.get("node").getAsString()).isEqualTo("1");
      assertThat(executing.get("display_node").getAsString()).isEqualTo("1");
      JsonObject start = client.of("execution_start").get(0);
      assertThat(start.get("timestamp").getAsLong()).isGreaterThan(1_700_000_000_000L);
      JsonObject progress = client.of("progress").get(2);
      assertThat(progress.get("value").toString()).isEqualTo("3");
      assertThat(progress.get("max").toString()).isEqualTo("3");
      JsonObject executed = client.of("executed").get(0);
      assertThat(executed.getAsJsonObject("output").getAsJsonArray("images")).hasSize(1);
      List<JsonObject> states = client.of("progress_state");
      JsonObject last = states.get(states.size() - 1).getAsJsonObject("nodes");
      assertThat(last.getAsJsonObject("1").get("state").getAsString()).isEqualTo("finished");
      assertThat(last.getAsJsonObject("2").keySet())
          .containsExactly(
              "value",
              "max",
              "state",
              "node_id",
              "prompt_id",
              "display_node_id",
              "parent_node_id",
              "real_node_id");

      assertThat(client.binaries).hasSize(3);
      ByteBuffer preview = ByteBuffer.wrap(client.binaries.get(0));
      assertThat(preview.getInt()).isEqualTo(4);
      byte[] metadata = new byte[preview.getInt()];
      preview.get(metadata);
      JsonObject node =
          JsonParser.parseString(new String(metadata, StandardCharsets.UTF_8)).getAsJsonObject();
      assertThat(node.get("node_id").getAsString()).isEqualTo("1");
      assertThat(node.get("prompt_id").getAsString()).isEqualTo(id);
      assertThat(node.get("image_type").getAsString()).isEqualTo("image/jpeg");
      byte[] jpeg = new byte[preview.remaining()];
      preview.get(jpeg);
      assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(8);
    }
  }

  @Test
  void aClientThatDoesNotKnowOfNodesGetsThePictureAlone() throws IOException {
    try (TestClient client = server.connect("old")) {
      String id = server.queue("old", "Step", "Save");
      client.awaitDone(id);

      ByteBuffer preview = ByteBuffer.wrap(client.binaries.get(0));
      assertThat(preview.getInt()).isEqualTo(1);
      assertThat(preview.getInt()).as("JPEG").isEqualTo(1);
      byte[] jpeg = new byte[preview.remaining()];
      preview.get(jpeg);
      assertThat(ImageIO.read(new ByteArrayInputStream(jpeg))).isNotNull();
    }
  }

  @Test
  void previewsAreNotSentWhereTheyAreNotWanted() {
    try (TestClient client = server.connect("plain")) {
      JsonObject body = TestServer.prompt("plain", "Step", "Save");
      body.getAsJsonObject("extra_data").addProperty("preview_method", "none");
      String id =
          TestServer.json(server.post("/prompt", body.toString()), 200)
              .getAsJsonObject()
              .get("prompt_id")
              .getAsString();
      client.awaitDone(id);

      assertThat(client.binaries).isEmpty();
    }
  }

  @Test
  void whoComesBackHearsWhichNodeIsAtWork() {
    try (TestClient before = server.connect("returning")) {
      String id = server.queue("returning", "Save", "Wait");
      TestServer.await(
          () ->
              before.of("executing").stream()
                  .anyMatch(data -> data.get("node").getAsString().equals("2")));
      before.abort();

      try (TestClient after = server.connect("returning");
          TestClient other = server.connect("other")) {
        TestServer.await(() -> !after.of("executing").isEmpty());
        assertThat(after.messages.get(0).get("type").getAsString()).isEqualTo("status");
        assertThat(after.of("executing").get(0).get("node").getAsString()).isEqualTo("2");
        server.post("/interrupt", "");
        after.awaitDone(id);
        assertThat(after.typesOf(id)).contains("execution_interrupted");
        JsonObject interrupted = after.of("execution_interrupted").get(0);
        assertThat(interrupted.keySet())
            .contains("node_id", "node_type", "executed", "prompt_id", "timestamp");
        assertThat(other.of("executing")).isEmpty();
      }
    }
  }

  @Test
  void aFailureIsToldWithItsNodeAndTrace() {
    try (TestClient client = server.connect("failing")) {
      String id = server.queue("failing", "Fail");
      client.awaitDone(id);

      JsonObject error = client.of("execution_error").get(0);
      assertThat(error.get("node_id").getAsString()).isEqualTo("1");
      assertThat(error.getAsJsonArray("traceback")).hasSize(1);
      assertThat(error.get("exception_message").getAsString()).isEqualTo("It failed.");
    }
  }

  @Test
  void twoTabsOfOneClientHearBoth() {
    try (TestClient one = server.connect("tabs");
        TestClient two = server.connect("tabs")) {
      String id = server.queue("tabs", "Save");
      one.awaitDone(id);
      two.awaitDone(id);
      assertThat(one.typesOf(id)).isEqualTo(two.typesOf(id));
    }
  }

  @Test
  void nonsenseFromAClientIsNoFault() {
    try (TestClient client = server.connect("nonsense")) {
      client.send("{");
      client.send("[1]");
      client.send("{\"type\":{}}");
      client.send("{\"type\":\"feature_flags\",\"data\":7}");
      TestServer.await(() -> !client.of("feature_flags").isEmpty());
      assertThat(client.isClosed()).isFalse();
    }
  }
}
