package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.internal.files.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may call. A browser carries the calls of any page to this machine: so {@code Origin}
 * must be the page's own, and {@code Host} a name of this machine, since a foreign name that is
 * made to lead here (DNS rebinding) makes a foreign page look like ours. Where there is a token, it
 * must be known.
 */
final class AccessCheck {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|[a-z0-9-]{1,63}\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

  private static final int NAME_DIGITS = 8;

  private final @Nullable String token;
  private final Set<String> origins;
  private final Set<String> hosts;
  private final String cookie;

  /**
   * @param origins whose pages may call, beside its own
   */
  AccessCheck(@Nullable String token, List<URI> origins) {
    this.token = token;
    this.origins = origins.stream().map(ServerSettings::origin).collect(Collectors.toSet());
    this.hosts =
        origins.stream()
            .map(origin -> origin.getHost().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    // Another name for each token: a browser gives all ports of a machine the same cookies.
    this.cookie =
        "kolors4j-comfyui-" + (token == null ? "" : cookieValue(token).substring(0, NAME_DIGITS));
  }

  /**
   * Refuses a request, or lets it pass.
   *
   * @throws Refusal with 401 or 403
   */
  void require(Call call) {
    requireHost(call);
    requireOrigin(call);
    if (token != null && !isKnown(call, token)) {
      throw Refusal.json(
          Answer.UNAUTHORIZED,
          "This server wants its token: open the address with ?token=… that it said when it was"
              + " started, or send the header Authorization: Bearer TOKEN.");
    }
  }

  private void requireHost(Call call) {
    String host = call.header("Host").orElse("").toLowerCase(Locale.ROOT);
    String name = PORT.matcher(host).replaceFirst("");
    // A page that a foreign name leads to does not know the token.
    if (token == null && !LOOPBACK.matcher(name).matches() && !hosts.contains(name)) {
      throw Refusal.json(
          Answer.FORBIDDEN,
          ("The server was called by the name %s, which is none of this machine's own. If that is"
                  + " where your tunnel or proxy leads here, start it with --allow-origin"
                  + " https://%s (ComfyServer.options().allowOrigin).")
              .formatted(shown(host), shown(host)));
    }
  }

  private void requireOrigin(Call call) {
    String origin = call.header("Origin").map(o -> o.toLowerCase(Locale.ROOT)).orElse("");
    if (origin.isEmpty()) {
      requireNoForeignSite(call);
      return;
    }
    if (origins.contains(origin)) {
      return;
    }
    String authority = origin.replaceFirst("^[a-z][a-z0-9+.-]*://", "");
    boolean isOwn =
        authority.equals(call.header("Host").orElse("").toLowerCase(Locale.ROOT))
            // Set by a proxy: a page cannot, without leave from this server.
            || authority.equals(
                call.header("X-Forwarded-Host").orElse("").toLowerCase(Locale.ROOT));
    if (!isOwn) {
      throw Refusal.json(
          Answer.FORBIDDEN,
          "A page of %s may not call this server. If it should, start it with --allow-origin %s (ComfyServer.options().allowOrigin)."
              .formatted(shown(origin), shown(origin)));
    }
  }

  /** A link to the page from elsewhere may be followed, and the page shown in a frame. */
  private void requireNoForeignSite(Call call) {
    boolean isForeign = call.header("Sec-Fetch-Site").orElse("").equals("cross-site");
    boolean isLink =
        call.method().equals("GET")
            && call.header("Sec-Fetch-Mode").orElse("").equals("navigate")
            && call.path().endsWith("/");
    if (isForeign && !isLink) {
      throw Refusal.json(Answer.FORBIDDEN, "A page from elsewhere may not call this server.");
    }
  }

  private boolean isKnown(Call call, String secret) {
    String bearer = call.header("Authorization").orElse("").replaceFirst("^(?i)bearer +", "");
    return isEqual(bearer, secret)
        || isEqual(call.query().getOrDefault("token", ""), secret)
        || isEqual(cookie(call), cookieValue(secret));
  }

  /** Takes as long for a guess that is nearly right as for any other. */
  private static boolean isEqual(String given, String secret) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private String cookie(Call call) {
    for (String pair : call.header("Cookie").orElse("").split("; *")) {
      if (pair.startsWith(cookie + "=")) {
        return pair.substring(cookie.length() + 1);
      }
    }
    return "";
  }

  /** The same after a restart, and not the token itself. */
  private static String cookieValue(String secret) {
    return Sha256.of("kolors4j comfyui " + secret);
  }

  /** Remembers the token for a browser that came with it, and lets allowed pages read answers. */
  Answer mark(Call call, Answer answer) {
    Answer marked = answer;
    if (token != null && isEqual(call.query().getOrDefault("token", ""), token)) {
      // Without a path: it is the page's folder, which a proxy may have put elsewhere.
      String attributes = "; HttpOnly; SameSite=Lax; Max-Age=2592000";
      marked = marked.with("Set-Cookie", cookie + "=" + cookieValue(token) + attributes);
    }
    String origin = call.header("Origin").orElse("");
    if (origins.contains(origin.toLowerCase(Locale.ROOT))) {
      marked =
          marked
              .with("Access-Control-Allow-Origin", origin)
              .with("Access-Control-Allow-Methods", "POST, GET, DELETE, PUT, OPTIONS, PATCH")
              .with("Access-Control-Allow-Headers", "Content-Type, Authorization, Comfy-User")
              .with("Access-Control-Allow-Credentials", "true")
              .with("Vary", "Origin");
    }
    return marked;
  }

  private static String shown(String foreign) {
    String plain = foreign.replaceAll("[^\\w.:/\\[\\]-]", "?");
    return plain.length() > 100 ? plain.substring(0, 100) + "…" : plain;
  }
}
