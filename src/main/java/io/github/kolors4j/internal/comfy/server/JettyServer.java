package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.comfy.WorkflowException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The HTTP library: takes requests, asks {@link AccessCheck} and {@link Router}, and answers. */
final class JettyServer implements AutoCloseable {
  private static final int MOST_THREADS = 64;
  private static final long MOST_MESSAGE_BYTES = 1 << 20;
  private static final long MOST_DRAINED_BYTES = 64 << 20;
  private static final Duration SILENCE = Duration.ofSeconds(90);
  private static final Duration BETWEEN_PINGS = Duration.ofSeconds(30);

  private final AccessCheck access;
  private final Router router;
  private final ClientSockets sockets;
  private final Consumer<String> notices;
  private final Server server;
  private final ServerConnector connector;
  private final ServerWebSocketContainer webSockets;

  JettyServer(
      InetSocketAddress address,
      AccessCheck access,
      Router router,
      ClientSockets sockets,
      Consumer<String> notices) {
    this.access = access;
    this.router = router;
    this.sockets = sockets;
    this.notices = notices;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 4);
    threads.setName("comfy-http");
    threads.setDaemon(true);
    server = new Server(threads, new ScheduledExecutorScheduler("comfy-http-timer", true), null);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Names of files come as one part of the path, with their slashes encoded.
    http.setUriCompliance(
        UriCompliance.from(
            EnumSet.of(
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT)));
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setErrorHandler(
        (request, response, callback) -> {
          response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
          Content.Sink.write(response, true, "The request could not be answered.", callback);
          return true;
        });
    webSockets = ServerWebSocketContainer.ensure(server);
    webSockets.setMaxTextMessageSize(MOST_MESSAGE_BYTES);
    webSockets.setMaxBinaryMessageSize(MOST_MESSAGE_BYTES);
    webSockets.setMaxFrameSize(MOST_MESSAGE_BYTES);
    webSockets.setAutoFragment(false);
    webSockets.setIdleTimeout(SILENCE);
    server.setHandler(new Answering());
    server.setStopTimeout(0); // what was answered is on disk; the rest is asked again
  }

  /**
   * Begins to take requests.
   *
   * @throws WorkflowException if the port is taken
   */
  void start() {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new WorkflowException(
          "The server cannot listen at %s port %d: %s. Is another one running there? Take another port (--port, ComfyServer.options().port); 0 takes a free one."
              .formatted(connector.getHost(), connector.getPort(), rootMessage(e)),
          e);
    }
    pingLater();
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void pingLater() {
    server
        .getScheduler()
        .schedule(
            () -> {
              sockets.ping();
              if (server.isRunning()) {
                pingLater();
              }
            },
            BETWEEN_PINGS.toMillis(),
            java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  /** That it listens at. */
  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      notices.accept("The server did not stop in order: " + e);
    }
  }

  private final class Answering extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      Call call = null;
      Answer answer;
      try {
        call = call(request);
        access.require(call);
        if (isWebSocket(call)) {
          upgrade(call, request, response, callback);
          return true;
        }
        answer = router.answer(call);
      } catch (Refusal refusal) {
        answer = refusal.answer();
      } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
        answer = failed(request, e);
      }
      if (call != null && answer.status() >= Answer.BAD_REQUEST) {
        drain(call.body().stream());
      }
      write(call == null ? answer : access.mark(call, answer), request, response, callback);
      return true;
    }

    /** Who is cut off while still sending does not read the answer. */
    private void drain(InputStream rest) {
      byte[] buffer = new byte[1 << 16];
      try {
        for (long taken = 0, n = 0; n >= 0 && taken < MOST_DRAINED_BYTES; taken += n) {
          n = rest.read(buffer);
        }
      } catch (IOException e) {
        // The sender has gone: then nobody needs an answer.
      }
    }

    private boolean isWebSocket(Call call) {
      return (call.path().equals("/ws") || call.path().equals("/api/ws"))
          && "websocket".equalsIgnoreCase(call.header("Upgrade").orElse(""));
    }

    private void upgrade(Call call, Request request, Response response, Callback callback) {
      boolean isUpgraded =
          webSockets.upgrade(
              (asked, answered, done) -> {
                // Pictures do not get smaller by it, and texts are small.
                answered.setExtensions(List.of());
                return sockets.connect(call.query().getOrDefault("clientId", ""));
              },
              request,
              response,
              callback);
      if (!isUpgraded) {
        write(
            Answer.text(Answer.BAD_REQUEST, "This is no WebSocket."), request, response, callback);
      }
    }
  }

  private static Call call(Request request) {
    String path = request.getHttpURI().getPath();
    String prefix = request.getHeaders().get("X-Forwarded-Prefix");
    if (prefix != null && prefix.length() > 1 && path != null && path.startsWith(prefix + "/")) {
      path = path.substring(prefix.length()); // by a proxy that leaves it on
    }
    if (path == null || !path.startsWith("/")) {
      throw Refusal.json(Answer.BAD_REQUEST, "The address has no path.");
    }
    return new Call(
        request.getMethod(),
        path,
        Call.parseQuery(request.getHttpURI().getQuery()),
        name -> request.getHeaders().get(name),
        new Call.Body(request.getLength(), Content.Source.asInputStream(request)),
        Map.of());
  }

  /** Of a fault, the client hears that there was one; its trace stays here. */
  private Answer failed(Request request, Throwable fault) {
    java.io.StringWriter trace = new java.io.StringWriter();
    fault.printStackTrace(new java.io.PrintWriter(trace));
    notices.accept(
        "%s %s failed: %s".formatted(request.getMethod(), request.getHttpURI().getPath(), trace));
    return Answer.json(
        Answer.SERVER_ERROR,
        Json.object("error", "The server failed at this; its log says where."));
  }

  private void write(Answer answer, Request request, Response response, Callback callback) {
    try {
      response.setStatus(answer.status());
      answer.headers().forEach(response.getHeaders()::put);
      if (answer.length() >= 0 && answer.status() != Answer.NO_CONTENT) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.length());
      }
      if (request.getMethod().equals("HEAD") || answer.length() == 0) {
        response.write(true, ByteBuffer.allocate(0), callback);
        return;
      }
      try (var out = Content.Sink.asOutputStream(response)) {
        answer.content().writeTo(out);
      }
      callback.succeeded();
    } catch (IOException | RuntimeException e) {
      callback.failed(e); // mostly a browser that has gone
    }
  }
}
