package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the folder when a server starts. */
class RestartTest {
  @TempDir Path folder;

  @Test
  void whatWaitedIsRunInItsOrderAndTheHistoryIsThere() {
    String done;
    String a;
    String b;
    String c;
    try (TestServer first = TestServer.start(folder)) {
      done = first.queue("me", "Step", "Save");
      first.await(done);
      first.post("/queue/pause", "");
      a = first.queue("me", "Save");
      b = first.queue("me", "Save");
      c = first.queue("me", "Save");
      first.post("/queue/move", Json.object("prompt_id", c, "position", 0).toString());
    }
    try (TestServer second = TestServer.start(folder)) {
      assertThat(second.json("/queue").getAsJsonObject().get("paused").getAsBoolean()).isTrue();
      assertThat(second.job(done).get("status").getAsString()).isEqualTo("completed");
      assertThat(second.notices).anyMatch(notice -> notice.contains("3 prompt(s) wait"));
      String d = second.queue("me", "Save");
      second.post("/queue/resume", "");
      second.await(d);
      assertThat(second.runner.ran).containsExactly(c, a, b, d);
      assertThat(second.json("/history").getAsJsonObject().keySet())
          .containsExactly(done, c, a, b, d);
    }
  }

  @Test
  void whatWasRunWhenTheServerWasClosedIsRunAgainFirst() {
    String running;
    String waiting;
    try (TestServer first = TestServer.start(folder)) {
      running = first.queue("me", "Wait");
      waiting = first.queue("me", "Save");
      TestServer.await(() -> first.status(running).equals("in_progress"));
    }
    try (TestServer second = TestServer.start(folder)) {
      TestServer.await(() -> second.status(running).equals("in_progress"));
      assertThat(second.status(waiting)).isEqualTo("pending");
      second.post("/interrupt", "");
      second.await(waiting);
      assertThat(second.runner.ran).containsExactly(running, waiting);
    }
  }

  @Test
  void aPromptThatTookTheServerDownTwiceHasFailed() throws IOException {
    String running;
    try (TestServer first = TestServer.start(folder)) {
      first.post("/queue/pause", "");
      running = first.queue("me", "Save");
    }
    Files.writeString(
        folder.resolve("queue/queue.json"),
        ComfyJson.write(
            Json.object("running", Json.object("id", running, "attempts", 2), "paused", false)));
    try (TestServer second = TestServer.start(folder)) {
      JsonObject job = second.job(running);
      assertThat(job.get("status").getAsString()).isEqualTo("failed");
      assertThat(job.getAsJsonObject("execution_error").get("exception_message").getAsString())
          .contains("ended 2 times");
      assertThat(second.runner.ran).isEmpty();
    }
  }

  @Test
  void aTornLineOfTheListIsMadeAgainFromTheJobsOwnFileAndSaid() throws IOException {
    String a;
    String b;
    try (TestServer first = TestServer.start(folder)) {
      a = first.queue("me", "Save");
      b = first.queue("me", "Save");
      first.await(b);
    }
    Path index = folder.resolve("queue/history.jsonl");
    String lines = Files.readString(index);
    Files.writeString(index, lines.substring(0, lines.length() - 25));

    try (TestServer second = TestServer.start(folder)) {
      assertThat(second.notices).anyMatch(notice -> notice.contains("1 torn line"));
      assertThat(second.json("/history").getAsJsonObject().keySet()).containsExactly(a, b);
      assertThat(second.job(b).get("status").getAsString()).isEqualTo("completed");
    }
    assertThat(Files.readString(index)).isEqualTo(lines);
  }

  @Test
  void whatAKilledServerLeftBetweenTwoWritesIsPutRight() throws IOException {
    String a;
    try (TestServer first = TestServer.start(folder)) {
      a = first.queue("me", "Save");
      first.await(a);
    }
    Path queue = folder.resolve("queue");
    Files.copy(
        queue.resolve("history/" + a + ".json"), queue.resolve("pending/" + a + ".json.saved"));
    // Killed after the entry was written, before the list was: the list has no such line.
    Files.writeString(queue.resolve("history.jsonl"), "");
    // And before the waiting prompt's file was deleted.
    JsonObject entry =
        com.google.gson.JsonParser.parseString(
                Files.readString(queue.resolve("history/" + a + ".json")))
            .getAsJsonObject();
    JsonObject line = new QueuedPrompt(a, 0, 0, 1, "me", null).toJson();
    Files.writeString(
        queue.resolve("pending/" + a + ".json"), line + "\n" + entry.get("prompt") + "\n");
    // And while a file was being written.
    Files.writeString(queue.resolve("pending/.x.json.12345.part"), "{\"id\":");

    try (TestServer second = TestServer.start(folder)) {
      assertThat(second.job(a).get("status").getAsString()).isEqualTo("completed");
      assertThat(second.json("/queue").getAsJsonObject().getAsJsonArray("queue_pending")).isEmpty();
      assertThat(queue.resolve("pending/.x.json.12345.part")).doesNotExist();
      assertThat(second.runner.ran).isEmpty();
    }
  }

  @Test
  void aDamagedPromptIsPutAsideWithAWord() throws IOException {
    Path pending = Files.createDirectories(folder.resolve("queue/pending"));
    String id = "00000000-0000-4000-8000-000000000000";
    Files.writeString(pending.resolve(id + ".json"), "{\"id\": tr", StandardOpenOption.CREATE);
    Files.writeString(folder.resolve("queue/queue.json"), "{{");

    try (TestServer server = TestServer.start(folder)) {
      assertThat(server.notices).anyMatch(notice -> notice.contains(id));
      assertThat(server.notices).anyMatch(notice -> notice.contains("queue.json"));
      assertThat(pending.resolve(id + ".json.damaged")).exists();
      server.await(server.queue("me", "Save"));
    }
  }

  @Test
  void theOldestIsForgottenWhenThereAreTooMany() throws IOException {
    try (QueueFiles files = new QueueFiles(folder.resolve("q"), notice -> {})) {
      List<String> ids =
          List.of(
              "00000000-0000-4000-8000-000000000001",
              "00000000-0000-4000-8000-000000000002",
              "00000000-0000-4000-8000-000000000003");
      try (HistoryIndex index = new HistoryIndex(files, 2)) {
        for (String id : ids) {
          JsonObject entry =
              RunMessages.failedWithoutNode(
                  id, Json.array(0, id, new JsonObject(), new JsonObject(), List.of()), "x");
          files.writeHistory(id, entry);
          index.add(Jobs.ended(id, entry));
        }
        assertThat(index.ids()).containsExactly(ids.get(1), ids.get(2));
      }
      assertThat(files.historyIds()).containsExactly(ids.get(1), ids.get(2));
      try (HistoryIndex again = new HistoryIndex(files, 2)) {
        assertThat(again.ids()).containsExactly(ids.get(1), ids.get(2));
      }
    }
  }
}
