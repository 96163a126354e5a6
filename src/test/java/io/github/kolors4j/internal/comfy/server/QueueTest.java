package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts from when they are posted until they are history. */
class QueueTest {
  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static JsonArray ids(String... ids) {
    return Json.array((Object[]) ids);
  }

  private List<String> pending() {
    return server.json("/queue").getAsJsonObject().getAsJsonArray("queue_pending").asList().stream()
        .map(item -> item.getAsJsonArray().get(1).getAsString())
        .toList();
  }

  private int remaining() {
    return server
        .json("/api/prompt")
        .getAsJsonObject()
        .getAsJsonObject("exec_info")
        .get("queue_remaining")
        .getAsInt();
  }

  private HttpResponse<byte[]> postPrompt(String clientId, JsonElement... more) {
    JsonObject body = TestServer.prompt(clientId, "Step", "Save");
    for (int i = 0; i < more.length; i += 2) {
      body.add(more[i].getAsString(), more[i + 1]);
    }
    return server.post("/api/prompt", body.toString());
  }

  private static JsonPrimitive json(Object value) {
    return value instanceof Number number
        ? new JsonPrimitive(number)
        : value instanceof Boolean truth
            ? new JsonPrimitive(truth)
            : new JsonPrimitive(value.toString());
  }

  @Test
  void aPromptBecomesAJobAndAnEntryOfTheHistory() {
    JsonObject answer = TestServer.json(postPrompt("me"), 200).getAsJsonObject();
    String id = answer.get("prompt_id").getAsString();

    JsonObject job = server.await(id);

    assertThat(answer.keySet()).containsExactly("prompt_id", "number", "node_errors");
    assertThat(answer.get("number").toString()).isEqualTo("0");
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(job.get("status").getAsString()).isEqualTo("completed");
    assertThat(job.get("outputs_count").getAsInt()).isEqualTo(1);
    assertThat(job.get("preview_output").toString())
        .isEqualTo(
            "{\"filename\":\"2.png\",\"subfolder\":\"\",\"type\":\"output\",\"nodeId\":\"2\",\"mediaType\":\"images\"}");
    assertThat(job.get("workflow_id").getAsString()).isEqualTo("workflow-1");
    assertThat(job.get("execution_end_time").getAsLong())
        .isGreaterThanOrEqualTo(job.get("execution_start_time").getAsLong());
    assertThat(job.getAsJsonObject("workflow").keySet()).containsExactly("prompt", "extra_data");
    assertThat(job.getAsJsonObject("outputs").getAsJsonObject("2").keySet()).contains("images");
    assertThat(job.toString()).as("keys of other services are not kept").doesNotContain("secret");

    JsonObject entry = server.json("/history/" + id).getAsJsonObject().getAsJsonObject(id);
    JsonObject status = entry.getAsJsonObject("status");
    assertThat(entry.getAsJsonArray("prompt").get(1).getAsString()).isEqualTo(id);
    assertThat(entry.getAsJsonArray("prompt").get(4)).isEqualTo(ids("2"));
    assertThat(status.get("status_str").getAsString()).isEqualTo("success");
    assertThat(status.get("completed").getAsBoolean()).isTrue();
    assertThat(status.getAsJsonArray("messages").get(0).getAsJsonArray().get(0).getAsString())
        .isEqualTo("execution_start");
    assertThat(server.json("/history?max_items=1").getAsJsonObject().keySet()).containsExactly(id);
  }

  @Test
  void aFailedRunIsAFailedJobWithItsError() {
    JsonObject job = server.await(server.queue("me", "Fail"));

    JsonObject error = job.getAsJsonObject("execution_error");
    assertThat(job.get("status").getAsString()).isEqualTo("failed");
    assertThat(error.get("node_id").getAsString()).isEqualTo("1");
    assertThat(error.keySet())
        .contains("node_type", "exception_message", "exception_type", "traceback", "executed");
    assertThat(job.getAsJsonObject("execution_status").toString()).contains("current_inputs");
  }

  @Test
  void onlyTheWantedOutputsAreRun() {
    JsonObject body = TestServer.prompt("me", "Save", "Save");
    body.add("partial_execution_targets", ids("2"));

    String id =
        TestServer.json(server.post("/prompt", body.toString()), 200)
            .getAsJsonObject()
            .get("prompt_id")
            .getAsString();

    server.await(id);
    assertThat(
            server
                .json("/history/" + id)
                .getAsJsonObject()
                .getAsJsonObject(id)
                .getAsJsonArray("prompt")
                .get(4))
        .isEqualTo(ids("2"));
  }

  @Test
  void theClientsOwnIdIsKeptToTheLetterOrRefused() {
    String id = UUID.randomUUID().toString();

    JsonObject answer =
        TestServer.json(postPrompt("me", json("prompt_id"), json(id)), 200).getAsJsonObject();
    HttpResponse<byte[]> again = postPrompt("me", json("prompt_id"), json(id));
    HttpResponse<byte[]> capitals = postPrompt("me", json("prompt_id"), json(id.toUpperCase()));
    HttpResponse<byte[]> number = postPrompt("me", json("prompt_id"), json(5));

    assertThat(answer.get("prompt_id").getAsString()).isEqualTo(id);
    for (HttpResponse<byte[]> refused : List.of(again, number, capitals)) {
      JsonObject error = TestServer.json(refused, 400).getAsJsonObject().getAsJsonObject("error");
      assertThat(error.keySet()).containsExactly("type", "message", "details", "extra_info");
      assertThat(error.get("type").getAsString()).isEqualTo("invalid_prompt_id");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "1",
        "null",
        "{}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"number\":\"x\"}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"number\":NaN}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"number\":{}}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"extra_data\":[]}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"client_id\":{}}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"partial_execution_targets\":5}",
        "{\"prompt\":{\"1\":{\"class_type\":\"Save\"}},\"partial_execution_targets\":[[]]}",
        "{\"prompt\":{}}"
      })
  void aBodyThatCannotBeUsedIsAnsweredInTheShapeOfErrors(String body) {
    JsonObject answer = TestServer.json(server.post("/api/prompt", body), 400).getAsJsonObject();

    assertThat(answer.keySet()).containsExactlyInAnyOrder("error", "node_errors");
    assertThat(answer.getAsJsonObject("error").keySet())
        .containsExactly("type", "message", "details", "extra_info");
    assertThat(remaining()).isZero();
  }

  @Test
  void whatIsTooDeepTooLargeOrTooManyIsRefusedAndTheServerGoesOn() {
    String deep = "{\"prompt\":" + "[".repeat(5_000_000) + "]".repeat(5_000_000) + "}";
    String many = "{\"prompt\":[" + "1,".repeat(1_000_000) + "1]}";

    assertThat(server.post("/prompt", deep).statusCode()).isEqualTo(400);
    assertThat(server.post("/prompt", many).statusCode()).isEqualTo(400);
    assertThat(server.post("/prompt", " ".repeat(Call.MOST_JSON_BYTES + 1)).statusCode())
        .isEqualTo(413);
    assertThat(server.await(server.queue("me", "Save")).get("status").getAsString())
        .isEqualTo("completed");
  }

  @Test
  void frontAndNumberSayWhereAPromptWaits() {
    server.post("/queue/pause", "");
    postPrompt("a", json("number"), json(10));
    String first = server.queue("b", "Save");
    String second = server.queue("c", "Save");
    JsonObject front =
        TestServer.json(postPrompt("d", json("front"), json(true)), 200).getAsJsonObject();
    JsonObject between =
        TestServer.json(postPrompt("e", json("number"), json(0.5)), 200).getAsJsonObject();

    assertThat(front.get("number").getAsDouble()).isNegative();
    assertThat(between.get("number").toString()).isEqualTo("0.5");
    assertThat(pending())
        .startsWith(
            front.get("prompt_id").getAsString(), first, between.get("prompt_id").getAsString())
        .contains(second)
        .hasSize(5);
    assertThat(remaining()).isEqualTo(5);
  }

  @Test
  void aPausedQueueWaitsAndCanBeReordered() {
    JsonObject paused = TestServer.json(server.post("/api/queue/pause", ""), 200).getAsJsonObject();
    String a = server.queue("a", "Save");
    String b = server.queue("b", "Save");
    String c = server.queue("c", "Save");
    JsonElement moved =
        TestServer.json(
            server.post("/queue/move", "{\"prompt_id\":\"" + c + "\",\"position\":0}"), 200);

    assertThat(paused.toString()).isEqualTo("{\"paused\":true}");
    assertThat(moved.getAsJsonObject().getAsJsonArray("queue_pending")).isEqualTo(ids(c, a, b));
    assertThat(pending()).containsExactly(c, a, b);
    assertThat(server.json("/queue").getAsJsonObject().get("paused").getAsBoolean()).isTrue();
    assertThat(server.status(a)).isEqualTo("pending");
    assertThat(server.post("/queue/move", "{\"prompt_id\":\"x\",\"position\":0}").statusCode())
        .isEqualTo(404);
    assertThat(server.post("/queue/move", "{\"prompt_id\":\"x\"}").statusCode()).isEqualTo(400);

    server.post("/queue/resume", "");
    server.await(b);
    assertThat(server.runner.ran).containsExactly(c, a, b);
  }

  @Test
  void waitingPromptsAreTakenOffOneByOneOrAllAtOnce() {
    String running = server.queue("a", "Wait");
    TestServer.await(() -> server.status(running).equals("in_progress"));
    String b = server.queue("b", "Save");
    String c = server.queue("c", "Save");
    String d = server.queue("d", "Save");

    server.post("/api/queue", Json.object("delete", ids(b, "unknown")).toString());
    assertThat(pending()).containsExactly(c, d);
    assertThat(server.status(b)).isEqualTo("unknown");
    server.post("/api/queue", "{\"clear\":true}");
    assertThat(pending()).isEmpty();
    assertThat(server.status(running)).as("what is run goes on").isEqualTo("in_progress");
    server.post("/api/interrupt", "{}");
    assertThat(server.await(running).get("status").getAsString()).isEqualTo("cancelled");
  }

  @Test
  void anInterruptWithAnIdTouchesThatJobAlone() {
    String running = server.queue("a", "Wait");
    TestServer.await(() -> server.status(running).equals("in_progress"));
    String waiting = server.queue("a", "Save");

    server.post("/api/interrupt", "{\"prompt_id\":\"" + waiting + "\"}");
    server.post("/api/interrupt", "{\"prompt_id\":\"" + UUID.randomUUID() + "\"}");
    assertThat(server.status(running)).isEqualTo("in_progress");
    server.post("/api/interrupt", "{\"prompt_id\":\"" + running + "\"}");

    assertThat(server.await(running).get("status").getAsString()).isEqualTo("cancelled");
    assertThat(server.await(waiting).get("status").getAsString()).isEqualTo("completed");
    assertThat(server.post("/interrupt", "").statusCode()).as("nothing is run").isEqualTo(200);
  }

  @Test
  void jobsAreCancelledWhereverTheyAreAndTwiceIsNoError() {
    String running = server.queue("a", "Wait");
    TestServer.await(() -> server.status(running).equals("in_progress"));
    String waiting = server.queue("a", "Save");
    String unknown = UUID.randomUUID().toString();

    JsonElement cancelled =
        TestServer.json(
            server.post(
                "/api/jobs/cancel",
                Json.object("job_ids", ids(waiting, running, unknown)).toString()),
            200);
    server.await(running);
    JsonElement again = TestServer.json(server.post("/api/jobs/" + running + "/cancel", ""), 200);

    assertThat(cancelled.getAsJsonObject().getAsJsonArray("cancelled"))
        .isEqualTo(ids(waiting, running));
    assertThat(again.toString()).isEqualTo("{\"cancelled\":false}");
    assertThat(server.status(waiting)).isEqualTo("unknown");
    assertThat(server.post("/api/jobs/cancel", "{\"job_ids\":[\"x\",{}]}").statusCode())
        .isEqualTo(400);
    assertThat(server.post("/api/jobs/cancel", "{\"job_ids\":5}").statusCode()).isEqualTo(400);
    assertThat(server.post("/api/jobs/cancel", "x").statusCode()).isEqualTo(400);
  }

  @Test
  void theListOfJobsIsFilteredSortedAndPaged() {
    String a = server.queue("a", "Save");
    server.await(a);
    String b = server.queue("b", "Fail");
    server.await(b);
    server.post("/queue/pause", "");
    String c = server.queue("c", "Save");

    assertThat(listed("")).containsExactlyInAnyOrder(a, b, c);
    assertThat(listed("?status=completed,failed&sort_order=asc")).containsExactly(a, b);
    assertThat(listed("?status=pending")).containsExactly(c);
    assertThat(listed("?sort_order=asc&limit=1&offset=1")).containsExactly(b);
    assertThat(listed("?workflow_id=none")).isEmpty();
    assertThat(listed("?limit=5&offset=99")).isEmpty();
    JsonObject pagination =
        server.json("/api/jobs?limit=2").getAsJsonObject().getAsJsonObject("pagination");
    assertThat(pagination.toString())
        .isEqualTo("{\"offset\":0,\"limit\":2,\"total\":3,\"has_more\":true}");
    for (String wrong :
        List.of("status=x", "sort_by=x", "sort_order=x", "limit=0", "limit=x", "offset=x")) {
      assertThat(server.get("/api/jobs?" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(server.get("/api/jobs/none").statusCode()).isEqualTo(404);
    assertThat(server.job(c).getAsJsonObject("workflow").keySet()).contains("prompt");
  }

  private List<String> listed(String query) {
    return server
        .json("/api/jobs" + query)
        .getAsJsonObject()
        .getAsJsonArray("jobs")
        .asList()
        .stream()
        .map(job -> job.getAsJsonObject().get("id").getAsString())
        .toList();
  }

  @Test
  void historyIsForgottenOneByOneAndAllAtOnce() throws IOException {
    String a = server.queue("a", "Save");
    String b = server.queue("a", "Save");
    String c = server.queue("a", "Save");
    server.await(c);

    server.post("/api/history", Json.object("delete", ids(a)).toString());
    assertThat(server.json("/history").getAsJsonObject().keySet()).containsExactly(b, c);
    assertThat(server.json("/history?max_items=1").getAsJsonObject().keySet()).containsExactly(c);
    assertThat(server.json("/history?max_items=1&offset=0").getAsJsonObject().keySet())
        .containsExactly(b);
    server.post("/api/history", "{\"clear\":true}");
    assertThat(server.json("/history").toString()).isEqualTo("{}");
    try (var files = Files.list(folder.resolve("queue/history"))) {
      assertThat(files).isEmpty();
    }
    assertThat(server.get("/history?max_items=x").statusCode()).isEqualTo(400);
  }

  @Test
  void memoryIsGivenBackWhenNothingIsRun() {
    server.await(server.queue("a", "Save"));

    server.post("/api/free", "{\"unload_models\":true,\"free_memory\":true}");

    TestServer.await(() -> server.runner.freed.contains("models true results true"));
  }

  @Test
  void aFullQueueRefusesInTheShapeOfErrors() {
    server.close();
    server =
        TestServer.start(
            folder,
            s ->
                new ServerSettings(
                    s.listen(),
                    s.port(),
                    s.folders(),
                    s.token(),
                    s.origins(),
                    s.frontEnd(),
                    true,
                    2,
                    s.mostUploadBytes(),
                    s.notices()));
    server.queue("a", "Save");
    server.queue("a", "Save");

    HttpResponse<byte[]> refused = postPrompt("a");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(JsonParser.parseString(TestServer.text(refused)).toString()).contains("queue_full");
  }
}
