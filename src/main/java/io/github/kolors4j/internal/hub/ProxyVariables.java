package io.github.kolors4j.internal.hub;

import io.github.kolors4j.hub.HubException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl, pip and {@code requests} read it: {@code
 * http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy}, in capitals or not
 * (what is in lower case goes first), with user and password: {@code
 * http://USER:PASSWORD@HOST:PORT}. Addresses of this computer need no proxy. Where these name none,
 * Java's own settings count ({@code -Dhttps.proxyHost=…}).
 *
 * @param environment variables
 */
public record ProxyVariables(Map<String, String> environment) {

  /**
   * A proxy.
   *
   * @param variable that names it
   * @param host name or address
   * @param user or null
   * @param password or null
   */
  public record Address(
      String variable, String host, int port, @Nullable String user, @Nullable String password) {

    /** What says who we are, by the Basic scheme (RFC 7617). */
    public Optional<String> authorization() {
      if (user == null) {
        return Optional.empty();
      }
      String both = user + ":" + (password == null ? "" : password);
      byte[] bytes = both.getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    /** Nothing of user and password. */
    @Override
    public String toString() {
      return "%s:%d (%s)".formatted(host, port, variable);
    }
  }

  /**
   * The proxy for an address, if it is to go through one.
   *
   * @throws HubException if the variable cannot be read, or names a proxy that Java does not know
   */
  public Optional<Address> proxyFor(URI uri) {
    return new NoProxy(excluded()).covers(uri)
        ? Optional.empty()
        : named(uri.getScheme().toLowerCase(Locale.ROOT));
  }

  /** The proxy for a scheme, whatever is excluded; exceptions as for an address. */
  Optional<Address> named(String scheme) {
    for (String name : List.of(scheme + "_proxy", "all_proxy")) {
      for (String variable : List.of(name, name.toUpperCase(Locale.ROOT))) {
        String value = environment.get(variable);
        if (value != null && !value.isBlank()) {
          return Optional.of(parse(variable, value.strip()));
        }
      }
    }
    return Optional.empty();
  }

  /** What {@code no_proxy} names. */
  String excluded() {
    String value = environment.get("no_proxy");
    String capitals = environment.get("NO_PROXY");
    return value != null ? value : capitals != null ? capitals : "";
  }

  private static Address parse(String variable, String value) {
    String address = value.contains("://") ? value : "http://" + value;
    try {
      URI uri = new URI(address);
      if (!"http".equalsIgnoreCase(uri.getScheme())) {
        throw new HubException(
            "%s names a proxy of the kind %s://, which Java does not know. Most proxies have an http:// address, too: set HTTPS_PROXY=http://HOST:PORT."
                .formatted(variable, uri.getScheme()));
      }
      if (uri.getHost() != null) {
        String[] user = uri.getRawUserInfo() == null ? null : uri.getRawUserInfo().split(":", 2);
        return new Address(
            variable,
            uri.getHost().replaceAll("[\\[\\]]", ""),
            uri.getPort() < 0 ? 80 : uri.getPort(),
            user == null ? null : decoded(user[0]),
            user == null || user.length < 2 ? null : decoded(user[1]));
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Said below, without the value: a password may be in it.
    }
    throw new HubException(
        "The environment variable %s is no address of a proxy. Write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters of the password as %%40 for @, %%3A for :, %%2F for /, %%23 for #, %%25 for %%."
            .formatted(variable));
  }

  /** Percent signs only: a plus stays one. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** For Java's client. */
  public ProxySelector selector() {
    ProxySelector usual = ProxySelector.getDefault();
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        Optional<Address> proxy = proxyFor(uri);
        if (proxy.isPresent()) {
          var address = new InetSocketAddress(proxy.get().host(), proxy.get().port());
          return List.of(new Proxy(Proxy.Type.HTTP, address));
        }
        boolean excluded = new NoProxy(excluded()).covers(uri);
        return usual == null || excluded ? List.of(Proxy.NO_PROXY) : usual.select(uri);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request itself fails with it.
      }
    };
  }
}
