package io.github.kolors4j.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A hub on this computer that speaks as ModelScope and as Hugging Face do, and misbehaves when told
 * to.
 */
public final class LocalHub implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  static {
    // Without this each answer waits 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** An answer to a request; the content is null in answers to other requests than for a file. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange, byte[] content) throws IOException;
  }

  /** A request that came. */
  record Request(String path, String query, String range, String authorization, String cookie) {}

  public final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, String> falseChecksums = new LinkedHashMap<>();
  final Map<String, Long> falseSizes = new LinkedHashMap<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final List<String> proxyHeaders = new CopyOnWriteArrayList<>();
  final Queue<Answer> nextFileAnswers = new ConcurrentLinkedQueue<>();
  final Queue<Answer> nextListAnswers = new ConcurrentLinkedQueue<>();
  Answer usual = LocalHub::serve;
  boolean withChecksums = true;
  int pageSize = Integer.MAX_VALUE;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  public LocalHub() {
    this(null);
  }

  /**
   * @param encrypted for {@code https}, or null
   */
  LocalHub(SSLContext encrypted) {
    try {
      InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      if (encrypted == null) {
        server = HttpServer.create(free, 0);
      } else {
        HttpsServer https = HttpsServer.create(free, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(encrypted));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Request> fileRequests() {
    return requests.stream().filter(r -> fileOf(r.path(), r.query()) != null).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = exchange.getRequestURI().getRawQuery();
      var headers = exchange.getRequestHeaders();
      requests.add(
          new Request(
              path,
              query,
              headers.getFirst("Range"),
              headers.getFirst("Authorization"),
              headers.getFirst("Cookie")));
      headers.keySet().stream().filter(h -> h.startsWith("Proxy-")).forEach(proxyHeaders::add);
      String file = fileOf(path, query);
      if (file != null) {
        Answer answer = nextFileAnswers.poll();
        (answer == null ? usual : answer).to(exchange, files.get(file));
      } else {
        Answer answer = nextListAnswers.poll();
        Answer list = this::list;
        (answer == null ? list : answer).to(exchange, null);
      }
    }
  }

  private static String fileOf(String path, String query) {
    if (path.endsWith("/repo") && query != null) {
      for (String part : query.split("&")) {
        if (part.startsWith("FilePath=")) {
          return URLDecoder.decode(part.substring(9), StandardCharsets.UTF_8);
        }
      }
    }
    int resolve = path.indexOf("/resolve/");
    return resolve < 0 ? null : path.substring(path.indexOf('/', resolve + 9) + 1);
  }

  void list(HttpExchange exchange, byte[] none) throws IOException {
    String path = exchange.getRequestURI().getPath();
    List<String> names = List.copyOf(files.keySet());
    if (path.contains("/tree/")) {
      String query = exchange.getRequestURI().getQuery();
      int start = query.contains("cursor=") ? Integer.parseInt(query.split("cursor=")[1]) : 0;
      int end = (int) Math.min(names.size(), (long) start + pageSize);
      if (end < names.size()) {
        exchange
            .getResponseHeaders()
            .set(
                "Link",
                "<" + address() + path + "?recursive=true&cursor=" + end + ">; rel=\"next\"");
      }
      JsonArray tree = new JsonArray();
      names.subList(start, end).forEach(name -> tree.add(huggingFaceEntry(name)));
      text(200, tree.toString()).to(exchange, null);
    } else {
      JsonArray entries = new JsonArray();
      names.forEach(name -> entries.add(modelScopeEntry(name)));
      JsonObject data = new JsonObject();
      data.add("Files", entries);
      JsonObject reply = new JsonObject();
      reply.addProperty("Code", 200);
      reply.add("Data", data);
      text(200, reply.toString()).to(exchange, null);
    }
  }

  private JsonObject modelScopeEntry(String name) {
    JsonObject entry = new JsonObject();
    entry.addProperty("Path", name);
    entry.addProperty("Type", "blob");
    entry.addProperty("Size", falseSizes.getOrDefault(name, (long) files.get(name).length));
    if (withChecksums) {
      entry.addProperty("Sha256", falseChecksums.getOrDefault(name, sha256(files.get(name))));
    }
    return entry;
  }

  private JsonObject huggingFaceEntry(String name) {
    byte[] content = files.get(name);
    JsonObject entry = new JsonObject();
    entry.addProperty("type", "file");
    entry.addProperty("path", name);
    entry.addProperty("size", content.length);
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] blob = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, blob, header.length, content.length);
    entry.addProperty("oid", hash("SHA-1", blob));
    if (name.endsWith(".safetensors")) {
      JsonObject lfs = new JsonObject();
      lfs.addProperty("oid", sha256(content));
      lfs.addProperty("size", content.length);
      entry.add("lfs", lfs);
    }
    return entry;
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String etag(byte[] content) {
    return '"' + sha256(content).substring(0, 16) + '"';
  }

  /** Well-behaved: whole, or the range that was asked for if it is of this version. */
  static void serve(HttpExchange exchange, byte[] content) throws IOException {
    if (content == null) {
      text(404, "no such file").to(exchange, null);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    Matcher asked = RANGE.matcher(range == null ? "" : range);
    if (!asked.matches() || (ifRange != null && !ifRange.equals(etag(content)))) {
      send(exchange, 200, content, content.length);
      return;
    }
    int from = Integer.parseInt(asked.group(1));
    int to = Math.min(content.length - 1, Integer.parseInt(asked.group(2)));
    if (from >= content.length) {
      text(416, "").to(exchange, null);
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
    byte[] part = Arrays.copyOfRange(content, from, to + 1);
    exchange.getResponseHeaders().set("ETag", etag(content));
    send(exchange, 206, part, part.length);
  }

  static Answer text(int status, String body, String... headers) {
    return (exchange, content) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      send(exchange, status, bytes, bytes.length);
    };
  }

  /** Announces everything, sends some, and hangs up. */
  static Answer dropAfter(int bytes) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().set("ETag", etag(content));
      exchange.sendResponseHeaders(200, content.length);
      OutputStream out = exchange.getResponseBody();
      out.write(content, 0, bytes);
      out.flush();
    };
  }

  /** Announces everything, sends some, and then nothing for a long time. */
  static Answer stallAfter(int bytes) {
    return (exchange, content) -> {
      dropAfter(bytes).to(exchange, content);
      try {
        Thread.sleep(20_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** A server that knows no ranges. */
  static void ignoreRanges(HttpExchange exchange, byte[] content) throws IOException {
    send(exchange, 200, content, content.length);
  }

  static Answer redirect(String location) {
    return text(302, "", "Location", location);
  }

  /** Sends content in pieces with pauses between them. */
  static Answer slowly(int pieces, long pauseMillis) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().set("ETag", etag(content));
      exchange.sendResponseHeaders(200, content.length);
      OutputStream out = exchange.getResponseBody();
      int piece = content.length / pieces + 1;
      for (int at = 0; at < content.length; at += piece) {
        out.write(content, at, Math.min(piece, content.length - at));
        out.flush();
        try {
          Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      out.close();
    };
  }

  private static void send(HttpExchange exchange, int status, byte[] body, int length)
      throws IOException {
    if (status == 200) {
      exchange.getResponseHeaders().putIfAbsent("ETag", List.of(etag(body)));
    }
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().close();
    }
  }
}
