package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ComfyJson;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A browser's WebSocket: what is sent to it waits here, in order, while the browser is slow, and
 * from before it is open, so that nothing is lost between. Public, since Jetty looks its methods
 * up.
 */
public final class ClientSocket implements Session.Listener.AutoDemanding {
  /** A browser so far behind is let go; it comes again, and asks for what there is. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private final ClientSockets sockets;
  private final String clientId;
  private final Queue<Message> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private @Nullable Session session;
  private boolean isSending;
  private boolean isLooping;
  private boolean isClosed;
  private boolean isPinged;
  private volatile boolean takesPreviewsWithNode;

  /** One message: a text, or bytes. */
  private record Message(@Nullable String text, byte[] bytes) {
    long size() {
      return text == null ? bytes.length : text.length();
    }
  }

  ClientSocket(ClientSockets sockets, String clientId) {
    this.sockets = sockets;
    this.clientId = clientId;
  }

  String clientId() {
    return clientId;
  }

  /** Whether it asked for previews that say whose they are. */
  boolean takesPreviewsWithNode() {
    return takesPreviewsWithNode;
  }

  void send(String text) {
    send(new Message(text, new byte[0]));
  }

  void send(byte[] bytes) {
    send(new Message(null, bytes));
  }

  private void send(Message message) {
    Session slow = null;
    boolean isTooSlow = false;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      waiting.add(message);
      waitingBytes += message.size();
      if (waitingBytes > MOST_WAITING_BYTES) {
        slow = session;
        isTooSlow = true;
      }
    }
    if (isTooSlow) {
      sockets.notices().accept("A page that did not take its messages was let go.");
      closed();
      if (slow != null) {
        slow.disconnect();
      }
    }
    sendWaiting();
  }

  /** Hands over message after message; one at a time is on its way. */
  private void sendWaiting() {
    synchronized (this) {
      if (isLooping || session == null) {
        return;
      }
      isLooping = true;
    }
    while (true) {
      Message next;
      Session to;
      synchronized (this) {
        next = isSending || isClosed ? null : waiting.poll();
        to = session;
        if (next == null || to == null) {
          isLooping = false;
          return;
        }
        isSending = true;
        waitingBytes -= next.size();
      }
      Callback callback = Callback.from(this::sent, failure -> closed());
      if (next.text() != null) {
        to.sendText(next.text(), callback);
      } else {
        to.sendBinary(ByteBuffer.wrap(next.bytes()), callback);
      }
    }
  }

  private void sent() {
    synchronized (this) {
      isSending = false;
      if (isLooping) {
        return;
      }
    }
    sendWaiting();
  }

  /** Asks for a sign of life; without any, the connection is taken for dead after a while. */
  void ping() {
    Session open;
    boolean neverOpened;
    synchronized (this) {
      open = isClosed ? null : session;
      neverOpened = session == null && isPinged;
      isPinged = true;
    }
    if (open != null) {
      open.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    } else if (neverOpened) {
      closed();
    }
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    synchronized (this) {
      session = opened;
    }
    sendWaiting();
  }

  @Override
  public void onWebSocketText(String text) {
    JsonElement message;
    try {
      message = ComfyJson.parse(text);
    } catch (ComfyJson.Malformed e) {
      return; // the page's other messages are for other servers
    }
    if (message instanceof JsonObject object
        && Json.text(object, "type").orElse("").equals("feature_flags")) {
      takesPreviewsWithNode = Json.isTrue(Json.child(object, "data"), "supports_preview_metadata");
      send(ClientSockets.text("feature_flags", sockets.features()));
    }
  }

  @Override
  public void onWebSocketClose(int status, @Nullable String reason, Callback callback) {
    closed();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    closed();
  }

  private void closed() {
    synchronized (this) {
      isClosed = true;
      waiting.clear();
      waitingBytes = 0;
    }
    sockets.remove(this);
  }
}
