package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A server on a free port that runs prompts with a {@link FakeRunner}, and a client of it. */
final class TestServer implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  final FakeRunner runner;
  final List<String> notices = new CopyOnWriteArrayList<>();
  final ComfyFolders folders;
  private final RunningServer server;

  private TestServer(Path base, FakeRunner runner, UnaryOperator<ServerSettings> change) {
    this.runner = runner;
    this.folders = new ComfyFolders(base);
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            folders,
            null,
            List.of(),
            null,
            false,
            ServerSettings.MOST_PROMPTS,
            1 << 20,
            notices::add);
    server =
        RunningServer.start(
            change.apply(settings), NodeCatalogue.load(folders), FakeRunner::check, () -> runner);
  }

  static TestServer start(Path base) {
    return new TestServer(base, new FakeRunner(), settings -> settings);
  }

  static TestServer start(Path base, UnaryOperator<ServerSettings> change) {
    return new TestServer(base, new FakeRunner(), change);
  }

  URI url() {
    return server.url();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.url().getPort() + path);
  }

  /**
   * Jetty itself refuses an address with a zero in it, and closes the connection: a body that is
   * still on its way may cut the answer off, so such a request is sent again.
   */
  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    HttpRequest built = request.timeout(Duration.ofSeconds(60)).build();
    for (int attempt = 1; ; attempt++) {
      try {
        return HTTP.send(built, HttpResponse.BodyHandlers.ofByteArray());
      } catch (IOException e) {
        if (attempt == 5 || !built.uri().getRawPath().contains("%00")) {
          throw new UncheckedIOException(e);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  /** The JSON of an answer that must be 200. */
  JsonElement json(String path) {
    return json(get(path), Answer.OK);
  }

  static JsonElement json(HttpResponse<byte[]> response, int status) {
    String text = text(response);
    assertThat(response.statusCode()).as(response.uri() + ": " + text).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).get().asString().contains("json");
    return JsonParser.parseString(text);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> post(String path, String body) {
    return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<byte[]> delete(String path) {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  /** Posts a prompt that must be taken, and gives its id. */
  String queue(String clientId, String... classes) {
    JsonObject answer =
        json(post("/api/prompt", prompt(clientId, classes).toString()), Answer.OK)
            .getAsJsonObject();
    return answer.get("prompt_id").getAsString();
  }

  /** A body for {@code /prompt}: nodes 1, 2, … of these classes. */
  static JsonObject prompt(String clientId, String... classes) {
    JsonObject nodes = new JsonObject();
    for (int i = 0; i < classes.length; i++) {
      nodes.add(
          String.valueOf(i + 1), Json.object("class_type", classes[i], "inputs", new JsonObject()));
    }
    JsonObject workflow = Json.object("id", "workflow-1", "nodes", List.of());
    return Json.object(
        "client_id",
        clientId,
        "prompt",
        nodes,
        "extra_data",
        Json.object(
            "auth_token_comfy_org", "secret", "extra_pnginfo", Json.object("workflow", workflow)));
  }

  JsonObject job(String id) {
    return json("/api/jobs/" + id).getAsJsonObject();
  }

  /** Waits until a job has ended, and gives it. */
  JsonObject await(String id) {
    await(() -> List.of("completed", "failed", "cancelled").contains(status(id)));
    return job(id);
  }

  String status(String id) {
    HttpResponse<byte[]> response = get("/api/jobs/" + id);
    return response.statusCode() == Answer.NOT_FOUND
        ? "unknown"
        : json(response, Answer.OK).getAsJsonObject().get("status").getAsString();
  }

  /** Looks again and again; what never comes is an error. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute in vain").isLessThan(end);
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** Sends a request as it stands, with headers that Java's client does not let one set. */
  String raw(String... lines) {
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      socket.setSoTimeout(10_000);
      List<String> all = new ArrayList<>(List.of(lines));
      if (all.stream().noneMatch(line -> line.startsWith("Connection:"))) {
        all.add("Connection: close");
      }
      byte[] request = (String.join("\r\n", all) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(request);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  TestClient connect(String clientId) {
    return TestClient.connect(uri("/ws?clientId=" + clientId), HTTP);
  }

  @Override
  public void close() {
    server.close();
    assertThat(notices).as("faults of the server").noneMatch(notice -> notice.contains("\tat "));
  }
}
