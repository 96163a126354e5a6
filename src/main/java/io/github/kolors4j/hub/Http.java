package io.github.kolors4j.hub;

import io.github.kolors4j.internal.hub.ProxyVariables;
import io.github.kolors4j.internal.hub.RefusedCertificateException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one hub. Redirects are followed here and not by the client, because the token goes to
 * the hub's own address only: the storage that large files are redirected to never sees it.
 */
final class Http {
  private static final int MOST_REDIRECTS = 10;
  private static final int LONGEST_TEXT = 64 << 20;
  private static final long LOOK_EVERY_MILLIS = 50;

  private final Connections connections;
  private final URI hub;
  private final Map<String, String> headers;
  private final @Nullable String token;
  private final Map<String, String> tokenHeaders;
  private final RetryPolicy retryPolicy;
  private final StopCheck stop;

  /**
   * @param connections how servers are reached
   * @param hub only scheme, host and port count
   * @param headers for every request
   * @param token to be kept out of messages, or null
   * @param tokenHeaders for requests to the hub itself
   */
  Http(
      Connections connections,
      URI hub,
      Map<String, String> headers,
      @Nullable String token,
      Map<String, String> tokenHeaders,
      RetryPolicy retryPolicy,
      StopCheck stop) {
    this.connections = connections;
    this.hub = hub;
    this.headers = headers;
    this.token = token;
    this.tokenHeaders = tokenHeaders;
    this.retryPolicy = retryPolicy;
    this.stop = stop;
  }

  /** What a server answered; the headers of redirects on the way are in it, the last one wins. */
  record Reply(int status, Map<String, String> headers, byte[] body) {
    /** A header's value or null. */
    @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** The same with another reason to stop. */
  Http stoppedBy(StopCheck other) {
    return new Http(connections, hub, headers, token, tokenHeaders, retryPolicy, other);
  }

  RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  StopCheck stop() {
    return stop;
  }

  /**
   * Gets a text, with retries.
   *
   * @param what is asked for, for messages: {@code the list of files of Kwai-Kolors/Kolors}
   * @throws HubException if it cannot be had
   */
  Reply text(URI uri, String what, ProgressNotice notices) {
    for (int failures = 1; ; failures++) {
      try {
        Reply reply = once(uri, Map.of(), info -> Received.kept(LONGEST_TEXT));
        refuseErrors(reply, uri, what);
        return reply;
      } catch (TransientFailure e) {
        if (e.unreachable()) {
          // There is no network, or no way to this server: asking again would not change that.
          throw new UnreachableException(e.getMessage(), e);
        }
        if (failures >= retryPolicy.tries()) {
          throw new UnreachableException(
              what
                  + " could not be had from "
                  + place(uri)
                  + " in "
                  + failures
                  + " tries: "
                  + e.getMessage()
                  + ". Check the network and run it again.",
              e);
        }
        Duration pause = retryPolicy.pause(failures, e.retryAfter());
        notices.notice(what + ": " + e.getMessage() + "; next try in " + seconds(pause));
        stop.pause(pause);
      }
    }
  }

  /** Hears why a pause is made. */
  @FunctionalInterface
  interface ProgressNotice {
    void notice(String message);
  }

  /** No server answered, in contrast to one that refused. */
  static final class UnreachableException extends HubException {
    UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * One request, following redirects.
   *
   * @param body makes the receiver of a final reply with status 200 or 206
   * @throws TransientFailure if the network fails, the connection stalls, or too much arrives
   */
  Reply once(URI uri, Map<String, String> extra, Function<ResponseInfo, Received> body)
      throws TransientFailure {
    Map<String, String> seen = new HashMap<>();
    URI at = uri;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<byte[]> response = send(request(at, extra), at, body);
      collect(response.headers(), seen);
      int status = response.statusCode();
      String location = response.headers().firstValue("location").orElse(null);
      if (status < 300 || status > 399 || status == 304 || location == null) {
        return new Reply(status, seen, response.body());
      }
      at = redirect(at, location);
    }
    throw new HubException(place(uri) + " redirects in a circle: try again later.");
  }

  private static void collect(HttpHeaders headers, Map<String, String> seen) {
    // Of a redirect only what the hub says about the file behind it: its own length is another.
    seen.keySet().removeIf(name -> !name.startsWith("x-linked-") && !name.equals("x-repo-commit"));
    headers.map().forEach((name, values) -> seen.put(name.toLowerCase(Locale.ROOT), values.get(0)));
  }

  private HttpRequest request(URI uri, Map<String, String> extra) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(retryPolicy.stall());
    headers.forEach(request::setHeader);
    // A compressed reply has another length, and its ranges mean something else.
    request.setHeader("Accept-Encoding", "identity");
    extra.forEach(request::setHeader);
    if (sameOrigin(uri, hub)) {
      tokenHeaders.forEach(request::setHeader);
    }
    // Java's client hands this to the proxy only.
    connections
        .proxies()
        .proxyFor(uri)
        .flatMap(ProxyVariables.Address::authorization)
        .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return request.build();
  }

  private static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private URI redirect(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(place(from) + " redirects to something that is no address.", e);
    }
    boolean web =
        "https".equalsIgnoreCase(to.getScheme()) || "http".equalsIgnoreCase(to.getScheme());
    boolean downgrade =
        "https".equalsIgnoreCase(from.getScheme()) && "http".equalsIgnoreCase(to.getScheme());
    if (!web || downgrade || to.getHost() == null) {
      throw new HubException(
          place(from)
              + " redirects to an address that is not safe ("
              + to.getScheme()
              + "): a proxy may be in the way. Try another network.");
    }
    return to;
  }

  private HttpResponse<byte[]> send(
      HttpRequest request, URI at, Function<ResponseInfo, Received> body) throws TransientFailure {
    // Of the receiver, made on another thread once the headers are there.
    Received[] receiver = new Received[1];
    long started = System.nanoTime();
    CompletableFuture<HttpResponse<byte[]>> reply =
        connections
            .client()
            .sendAsync(
                request,
                info -> {
                  boolean content = info.statusCode() == 200 || info.statusCode() == 206;
                  Received received = content ? body.apply(info) : Received.kept(LONGEST_TEXT);
                  synchronized (receiver) {
                    receiver[0] = received;
                  }
                  return received;
                });
    try {
      while (true) {
        try {
          return reply.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          stop.check();
          long since = System.nanoTime() - Math.max(started, lastBytes(receiver, started));
          if (since > retryPolicy.stall().toNanos()) {
            throw new TransientFailure(
                "the connection stalled: nothing came for " + seconds(retryPolicy.stall()));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StopCheck.exception();
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), at);
    } finally {
      synchronized (receiver) {
        if (receiver[0] != null) {
          receiver[0].close();
        }
      }
      reply.cancel(true);
    }
  }

  private static long lastBytes(Received[] receiver, long otherwise) {
    synchronized (receiver) {
      return receiver[0] == null ? otherwise : receiver[0].lastBytes();
    }
  }

  private TransientFailure failure(Throwable error, URI at) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof Received.TooMuch) {
        return new TransientFailure(String.valueOf(cause.getMessage()));
      }
      if (cause instanceof RefusedCertificateException refused) {
        throw new HubException(refused.advice(at.getHost()), error);
      }
      if (cause instanceof Received.SinkFailure) {
        if (cause.getCause() instanceof RuntimeException e) {
          throw e;
        }
        Throwable reason = cause.getCause() == null ? cause : cause.getCause();
        throw new HubException(
            "The download cannot be written: "
                + reason.getMessage()
                + ". Is the disk full or read-only? What has arrived is kept.",
            reason);
      }
    }
    if (error instanceof IOException e) {
      return ConnectionFailure.of(e, at, connections.proxies().proxyFor(at));
    }
    throw new HubException("The request to " + place(at) + " failed: " + error, error);
  }

  /**
   * Turns a reply that is no success into an error.
   *
   * @throws TransientFailure if it may pass
   * @throws HubException if not
   */
  void refuseErrors(Reply reply, URI uri, String what) throws TransientFailure {
    int status = reply.status();
    if (status == 200 || status == 206) {
      return;
    }
    String said = "the server answered " + status;
    if (status == 408 || status == 429 || status >= 500) {
      throw new TransientFailure(
          said + (status == 429 ? " (too many requests)" : ""), retryAfter(reply), null);
    }
    if (status == 401 || status == 403) {
      throw new HubException(
          "%s: %s (%s). It may be private, or its licence must be accepted on the web site first; %s"
              .formatted(
                  what,
                  said,
                  place(uri),
                  token == null
                      ? "then set your token in the environment: MODELSCOPE_API_TOKEN for ModelScope, HF_TOKEN for Hugging Face."
                      : "check that your token is valid and may read it."));
    }
    if (status == 407) {
      throw new HubException(
          ConnectionFailure.unauthorised(connections.proxies().proxyFor(uri), what));
    }
    if (status == 404) {
      throw new NotFoundException(
          "%s was not found at %s (404). Check its name and revision: upper and lower case count."
              .formatted(what, place(uri)));
    }
    throw new HubException("%s: %s (%s)%s".formatted(what, said, place(uri), quote(reply)));
  }

  /** The hub knows no such thing. */
  static final class NotFoundException extends HubException {
    NotFoundException(String message) {
      super(message);
    }
  }

  private String quote(Reply reply) {
    String text = reply.text().strip();
    String quoted = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return quoted.isEmpty() ? "." : ": " + withoutToken(quoted);
  }

  /** A server's words, in which it might repeat what it was sent. */
  String withoutToken(String text) {
    return token == null ? text : text.replace(token, "***");
  }

  private static @Nullable Duration retryAfter(Reply reply) {
    String value = reply.header("Retry-After");
    if (value == null) {
      return null;
    }
    try {
      return Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip())));
    } catch (NumberFormatException e) {
      try {
        Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        Duration left = Duration.between(Instant.now(), then);
        return left.isNegative() ? Duration.ZERO : left;
      } catch (DateTimeParseException notADate) {
        return null;
      }
    }
  }

  /** An address without its query, which may hold a signature. */
  static String place(URI uri) {
    return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
