package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight people at once. */
@Tag("slow")
class ManyClientsTest {
  private static final int CLIENTS = 8;
  private static final int PROMPTS_EACH = 25;
  private static final long MOST_GROWTH = 16L << 20;

  @TempDir Path folder;

  @Test
  void twoHundredPromptsOfEightClientsAreAllAnsweredOnceInOrderAndNoMessageIsLost()
      throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      Map<String, Double> numbers = new ConcurrentHashMap<>();
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(server.connect("client-" + i));
        clients
            .get(i)
            .send("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
      }
      ExecutorService posting = Executors.newFixedThreadPool(CLIENTS);
      List<Future<List<String>>> posted = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String clientId = "client-" + i;
        posted.add(posting.submit(() -> post(server, clientId, numbers)));
      }
      List<List<String>> ids = new ArrayList<>();
      for (Future<List<String>> one : posted) {
        ids.add(one.get());
      }
      posting.shutdown();
      for (int i = 0; i < CLIENTS; i++) {
        for (String id : ids.get(i)) {
          clients.get(i).awaitDone(id);
        }
      }

      List<String> all = ids.stream().flatMap(List::stream).toList();
      assertThat(all).doesNotHaveDuplicates().hasSize(CLIENTS * PROMPTS_EACH);
      assertThat(server.runner.ran).as("each is run once").containsExactlyInAnyOrderElementsOf(all);
      assertThat(server.runner.ran.stream().map(numbers::get))
          .as("in the order in which they were taken")
          .isSorted();
      for (int i = 0; i < CLIENTS; i++) {
        assertHeard(clients.get(i), ids.get(i), all);
      }
      JsonObject jobs = server.json("/api/jobs?status=completed&limit=1").getAsJsonObject();
      assertThat(jobs.getAsJsonObject("pagination").get("total").getAsInt())
          .isEqualTo(CLIENTS * PROMPTS_EACH);
      TestServer.await(() -> clients.stream().allMatch(client -> lastStatus(client) == 0));
      clients.forEach(TestClient::close);
    }
  }

  private static List<String> post(
      TestServer server, String clientId, Map<String, Double> numbers) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < PROMPTS_EACH; i++) {
      JsonObject answer =
          TestServer.json(
                  server.post(
                      "/api/prompt", TestServer.prompt(clientId, "Step", "Save").toString()),
                  200)
              .getAsJsonObject();
      String id = answer.get("prompt_id").getAsString();
      numbers.put(id, answer.get("number").getAsDouble());
      ids.add(id);
    }
    return ids;
  }

  private static void assertHeard(TestClient client, List<String> own, List<String> all) {
    for (String id : own) {
      assertThat(client.typesOf(id).stream().filter(type -> !type.equals("progress_state")))
          .containsExactlyElementsOf(TestClient.MESSAGES_OF_A_RUN);
    }
    assertThat(client.binaries).as("previews").hasSize(3 * own.size());
    assertThat(
            client.messages.stream()
                .map(TestClient::promptIdOf)
                .filter(id -> !id.isEmpty())
                .distinct())
        .as("its own prompts alone, in its order")
        .containsExactlyElementsOf(own);
    assertThat(all).containsAll(own);
  }

  private static int lastStatus(TestClient client) {
    List<JsonObject> all = client.of("status");
    return all.get(all.size() - 1)
        .getAsJsonObject("status")
        .getAsJsonObject("exec_info")
        .get("queue_remaining")
        .getAsInt();
  }

  @Test
  void memoryDoesNotGrowWithThePromptsThatHaveBeenRun() {
    try (TestServer server = TestServer.start(folder)) {
      run(server, 200);
      long before = used();
      run(server, 600);
      long after = used();

      // A line of the list of jobs stays for each; the prompts and what came of them lie on disk.
      assertThat(after - before).isLessThan(MOST_GROWTH);
    }
  }

  private static void run(TestServer server, int prompts) {
    String padding = "x".repeat(50_000);
    String last = "";
    for (int i = 0; i < prompts; i++) {
      JsonObject body = TestServer.prompt("me", "Step", "Save");
      body.getAsJsonObject("extra_data").addProperty("padding", padding);
      last =
          TestServer.json(server.post("/prompt", body.toString()), 200)
              .getAsJsonObject()
              .get("prompt_id")
              .getAsString();
    }
    server.await(last);
  }

  private static long used() {
    return Stream.generate(
            () -> {
              System.gc();
              return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            })
        .limit(5)
        .min(Long::compare)
        .orElseThrow();
  }
}
