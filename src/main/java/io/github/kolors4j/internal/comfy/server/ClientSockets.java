package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The browsers that are connected, and what is sent to them. */
final class ClientSockets {
  /** More tabs than a person has open. */
  private static final int MOST = 256;

  private static final int LONGEST_ID = 128;
  private static final int PREVIEW = 1;
  private static final int PROGRESS_TEXT = 3;
  private static final int PREVIEW_WITH_NODE = 4;
  private static final int JPEG = 1;

  private final List<ClientSocket> open = new ArrayList<>();
  private final JsonObject features;
  private final Consumer<String> notices;
  private IntSupplier remaining = () -> 0;
  private @Nullable AtWork atWork;

  /** The node that is run, and whose run it is. */
  private record AtWork(String clientId, String promptId, String node) {}

  /**
   * @param features what the server tells of itself
   */
  ClientSockets(JsonObject features, Consumer<String> notices) {
    this.features = features;
    this.notices = notices;
  }

  /**
   * Says where the number of waiting prompts comes from. It is asked for under this object's lock,
   * so who counts must not call this object under its own.
   */
  void count(IntSupplier prompts) {
    this.remaining = prompts;
  }

  JsonObject features() {
    return features;
  }

  Consumer<String> notices() {
    return notices;
  }

  /**
   * Lets a browser in: it hears {@code status} first, and if it has been here and its prompt is
   * run, which node is at work.
   *
   * @param clientId what the browser calls itself; empty if it has no name yet
   */
  ClientSocket connect(String clientId) {
    if (clientId.length() > LONGEST_ID) {
      throw Refusal.json(Answer.BAD_REQUEST, "The clientId is longer than 128 characters.");
    }
    String sid = clientId.isEmpty() ? UUID.randomUUID().toString().replace("-", "") : clientId;
    ClientSocket socket = new ClientSocket(this, sid);
    synchronized (this) {
      if (open.size() >= MOST) {
        throw Refusal.json(Answer.UNAVAILABLE, "Too many pages are connected; close some.");
      }
      socket.send(text("status", Json.object("status", status(), "sid", sid)));
      AtWork now = atWork;
      if (now != null && now.clientId().equals(sid)) {
        socket.send(text("executing", executing(now.promptId(), now.node())));
      }
      open.add(socket);
    }
    return socket;
  }

  synchronized void remove(ClientSocket socket) {
    open.remove(socket);
  }

  private static JsonObject executing(String promptId, String node) {
    return Json.object("node", node, "display_node", node, "prompt_id", promptId);
  }

  /** Counted while no other message goes out, so that the last one sent is right. */
  private JsonObject status() {
    return Json.object("exec_info", Json.object("queue_remaining", remaining.getAsInt()));
  }

  /** Tells everyone how many prompts wait. */
  synchronized void sendStatus() {
    sendToAll("status", Json.object("status", status()));
  }

  /** Tells a client which node is run now; one that comes later hears it then. */
  synchronized void sendExecuting(@Nullable String clientId, String promptId, String node) {
    if (clientId != null) {
      atWork = new AtWork(clientId, promptId, node);
      send(clientId, "executing", executing(promptId, node));
    }
  }

  /** Tells a client that its prompt is done. */
  synchronized void sendDone(@Nullable String clientId, String promptId) {
    atWork = null;
    if (clientId != null) {
      send(clientId, "executing", Json.object("node", null, "prompt_id", promptId));
    }
  }

  /** Sends a message to one client, in all its tabs; to none if the prompt came without one. */
  synchronized void send(@Nullable String clientId, String type, JsonObject data) {
    String text = null;
    for (ClientSocket socket : List.copyOf(open)) {
      if (socket.clientId().equals(clientId)) {
        text = text == null ? text(type, data) : text;
        socket.send(text);
      }
    }
  }

  /** Sends a message to all. */
  synchronized void sendToAll(String type, JsonObject data) {
    String text = text(type, data);
    List.copyOf(open).forEach(socket -> socket.send(text));
  }

  /** Whether anyone would see a preview. */
  synchronized boolean isThere(@Nullable String clientId) {
    return open.stream().anyMatch(socket -> socket.clientId().equals(clientId));
  }

  /**
   * Sends a preview picture.
   *
   * @param node its metadata, as event 4 has it
   */
  synchronized void sendPreview(@Nullable String clientId, byte[] jpeg, JsonObject node) {
    byte[] metadata = ComfyJson.write(node).getBytes(StandardCharsets.UTF_8);
    for (ClientSocket socket : List.copyOf(open)) {
      if (socket.clientId().equals(clientId)) {
        socket.send(
            socket.takesPreviewsWithNode()
                ? binary(PREVIEW_WITH_NODE, metadata.length, metadata, jpeg)
                : binary(PREVIEW, JPEG, new byte[0], jpeg));
      }
    }
  }

  /** Sends what is written on a node while it works. */
  synchronized void sendProgressText(@Nullable String clientId, String node, String text) {
    byte[] name = node.getBytes(StandardCharsets.UTF_8);
    byte[] message =
        binary(PROGRESS_TEXT, name.length, name, text.getBytes(StandardCharsets.UTF_8));
    for (ClientSocket socket : List.copyOf(open)) {
      if (socket.clientId().equals(clientId)) {
        socket.send(message);
      }
    }
  }

  private static byte[] binary(int event, int number, byte[] first, byte[] second) {
    return ByteBuffer.allocate(2 * Integer.BYTES + first.length + second.length)
        .putInt(event)
        .putInt(number)
        .put(first)
        .put(second)
        .array();
  }

  /** Finds out which connections are dead. */
  void ping() {
    List<ClientSocket> now;
    synchronized (this) {
      now = List.copyOf(open);
    }
    now.forEach(ClientSocket::ping);
  }

  static String text(String type, JsonObject data) {
    return ComfyJson.write(Json.object("type", type, "data", data));
  }
}
