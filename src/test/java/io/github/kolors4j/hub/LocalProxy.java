package io.github.kolors4j.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy on this computer, for plain and for encrypted connections. Whatever name it is asked for,
 * it goes to this computer: names that nobody else knows show that a request came through it.
 */
final class LocalProxy implements AutoCloseable {
  /** {@code GET http://hub.test:1234/…} or {@code CONNECT hub.test:1234}. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** {@code user:password}, or null for anybody. */
  String credentials;

  /** What it answers instead of letting somebody through, or 0. */
  int refusal;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ServerSocket server;

  LocalProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.submit(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private Void accept() throws IOException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      threads.submit(() -> serve(client));
    }
    return null;
  }

  private Void serve(Socket client) throws IOException {
    try (client) {
      String head = head(client.getInputStream());
      String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
      requests.add(line[0] + " " + line[1]);
      boolean known =
          credentials == null
              || head.contains(
                  "\r\nProxy-Authorization: Basic "
                      + Base64.getEncoder()
                          .encodeToString(credentials.getBytes(StandardCharsets.UTF_8))
                      + "\r\n");
      if (!known || refusal != 0) {
        answer(client, known ? refusal + " No" : "407 Proxy Authentication Required");
        return null;
      }
      boolean tunnel = line[0].equals("CONNECT");
      URI target = URI.create(tunnel ? "http://" + line[1] : line[1]);
      try (Socket origin = new Socket(InetAddress.getLoopbackAddress(), target.getPort())) {
        if (tunnel) {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
        } else {
          // As RFC 9110 has it: the proxy's own headers go no further.
          String own =
              head.replaceAll("(?i)\r\nProxy-[^\r]*", "")
                  .replaceFirst("\r\n", "\r\nConnection: close\r\n");
          String path =
              target.getRawPath()
                  + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
          origin
              .getOutputStream()
              .write(
                  own.replaceFirst(
                          " \\S+ ", " " + java.util.regex.Matcher.quoteReplacement(path) + " ")
                      .getBytes());
        }
        threads.submit(() -> pump(client.getInputStream(), origin.getOutputStream()));
        pump(origin.getInputStream(), client.getOutputStream());
      }
    }
    return null;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The client hung up.");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void answer(Socket client, String status) throws IOException {
    String reply =
        "HTTP/1.1 %s\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(reply.formatted(status).getBytes());
  }

  private static Void pump(InputStream in, OutputStream out) throws IOException {
    in.transferTo(out);
    return null;
  }
}
