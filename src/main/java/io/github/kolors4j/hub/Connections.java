package io.github.kolors4j.hub;

import io.github.kolors4j.internal.hub.JavaNetwork;
import io.github.kolors4j.internal.hub.ProxyVariables;
import io.github.kolors4j.internal.hub.Trust;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * How servers are reached: through the environment's proxies, believing its certificates.
 *
 * @param client for all requests
 * @param proxies that the client uses
 */
record Connections(HttpClient client, ProxyVariables proxies) {
  /** Longer than the slowest of networks takes to say yes. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Clients have threads of their own and cannot be closed. */
  private static final Map<Map<String, String>, Connections> OPEN = new ConcurrentHashMap<>();

  static {
    // It is read once, with the first client of the process. Only what is named in the environment
    // is sent, and to that proxy only.
    JavaNetwork.set(JavaNetwork.REFUSED_SCHEMES, "");
  }

  static Connections of(Map<String, String> environment) {
    Map<String, String> network =
        environment.entrySet().stream()
            .filter(
                e ->
                    e.getKey().toLowerCase(Locale.ROOT).endsWith("_proxy")
                        || Trust.VARIABLES.contains(e.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return OPEN.computeIfAbsent(network, Connections::open);
  }

  private static Connections open(Map<String, String> network) {
    ProxyVariables proxies = new ProxyVariables(network);
    HttpClient client =
        HttpClient.newBuilder()
            // Parts that are fetched in parallel need connections of their own.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(proxies.selector())
            .sslContext(Trust.context(network))
            .build();
    return new Connections(client, proxies);
  }
}
