package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is killed without a warning (SIGKILL) while it works, and the next one. */
@Tag("slow")
class KilledServerTest {
  private static final int PROMPTS = 60;
  private static final String STEP_MILLIS = "3";

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private record Program(Process process, URI url, List<String> notices) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly();
      try {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Program start() throws IOException {
    Process process =
        JavaProcess.of(
                List.of("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                ServerProgram.class,
                folder.toString(),
                STEP_MILLIS)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> notices = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.startsWith("url: ")) {
      notices.add(line);
      line = lines.readLine();
    }
    assertThat(line).as("the server started; it said %s", notices).isNotNull();
    return new Program(process, URI.create(line.substring("url: ".length())), notices);
  }

  private JsonElement get(Program program, String path) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(program.url().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonParser.parseString(answer.body());
  }

  private String post(Program program) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(program.url().resolve("/prompt"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        TestServer.prompt("me", "Step", "Save").toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject().get("prompt_id").getAsString();
  }

  private Map<String, JsonObject> ended(Program program) throws Exception {
    Map<String, JsonObject> ended = new TreeMap<>();
    get(program, "/api/jobs?status=completed,failed,cancelled")
        .getAsJsonObject()
        .getAsJsonArray("jobs")
        .forEach(
            job -> ended.put(job.getAsJsonObject().get("id").getAsString(), job.getAsJsonObject()));
    return ended;
  }

  @ParameterizedTest(name = "killed when {0} have been run")
  @ValueSource(ints = {1, 7, 23})
  void goesOnWithWhatWaitedAndKeepsItsHistory(int whenRun) throws Exception {
    List<String> ids = new ArrayList<>();
    Map<String, JsonObject> before;
    try (Program first = start()) {
      for (int i = 0; i < PROMPTS; i++) {
        ids.add(post(first));
      }
      do {
        before = ended(first);
      } while (before.size() < whenRun);
    } // SIGKILL, with a prompt at work
    assertThat(before.size()).isLessThan(PROMPTS);

    Map<String, JsonObject> after;
    try (Program second = start()) {
      assertThat(second.notices()).noneMatch(notice -> notice.contains("could not"));
      String last = post(second);
      ids.add(last);
      do {
        after = ended(second);
      } while (after.size() < ids.size());
      JsonObject history = get(second, "/history").getAsJsonObject();
      assertThat(history.keySet())
          .as("run in the order in which they were posted, before and after")
          .containsExactlyElementsOf(ids);
      assertThat(get(second, "/prompt").toString()).contains("\"queue_remaining\":0");
    }
    for (Map.Entry<String, JsonObject> job : before.entrySet()) {
      assertThat(after.get(job.getKey())).as("what was history stays").isEqualTo(job.getValue());
    }
    assertThat(after.values()).allMatch(job -> job.get("status").getAsString().equals("completed"));
  }
}
