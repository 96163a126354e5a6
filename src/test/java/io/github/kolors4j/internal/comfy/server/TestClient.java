package io.github.kolors4j.internal.comfy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page's WebSocket, which keeps what it hears. */
final class TestClient implements WebSocket.Listener, AutoCloseable {
  /**
   * What a client hears of a run of {@code Step} and {@code Save}, beside {@code progress_state}.
   */
  static final List<String> MESSAGES_OF_A_RUN =
      List.of(
          "execution_start",
          "execution_cached",
          "executing",
          "progress",
          "progress",
          "progress",
          "executing",
          "executed",
          "execution_success",
          "executing");

  /** In the order in which they came; a binary message is {@code {"type": "binary N"}}. */
  final List<JsonObject> messages = new CopyOnWriteArrayList<>();

  final List<byte[]> binaries = new CopyOnWriteArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private WebSocket socket;
  private volatile boolean isClosed;

  static TestClient connect(URI address, HttpClient http) {
    TestClient client = new TestClient();
    URI ws = URI.create(address.toString().replaceFirst("^http", "ws"));
    client.socket =
        http.newWebSocketBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .buildAsync(ws, client)
            .join();
    return client;
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
    text.append(part);
    if (isLast) {
      messages.add(JsonParser.parseString(text.toString()).getAsJsonObject());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean isLast) {
    byte[] more = new byte[part.remaining()];
    part.get(more);
    bytes.writeBytes(more);
    if (isLast) {
      byte[] message = bytes.toByteArray();
      binaries.add(message);
      messages.add(Json.object("type", "binary " + ByteBuffer.wrap(message).getInt()));
      bytes.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    isClosed = true;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    isClosed = true;
  }

  boolean isClosed() {
    return isClosed;
  }

  /** The types of the messages about one prompt, in order. */
  List<String> typesOf(String promptId) {
    return messages.stream()
        .filter(message -> promptId.equals(promptIdOf(message)))
        .map(message -> message.get("type").getAsString())
        .toList();
  }

  static String promptIdOf(JsonObject message) {
    return Json.text(Json.child(message, "data"), "prompt_id").orElse("");
  }

  List<JsonObject> of(String type) {
    return messages.stream()
        .filter(message -> message.get("type").getAsString().equals(type))
        .map(message -> Json.child(message, "data"))
        .toList();
  }

  /** Waits for the end of a prompt: {@code executing} of no node. */
  void awaitDone(String promptId) {
    TestServer.await(
        () ->
            of("executing").stream()
                .anyMatch(
                    data ->
                        data.get("node").isJsonNull()
                            && data.get("prompt_id").getAsString().equals(promptId)));
  }

  /** Breaks off without a word, as a network does. */
  void abort() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
    assertThat(socket).isNotNull();
  }
}
