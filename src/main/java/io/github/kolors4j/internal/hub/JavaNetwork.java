package io.github.kolors4j.internal.hub;

import io.github.kolors4j.hub.HubException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * Proxies and certificates of the environment for code that asks Java for them: a notebook's own
 * requests, a kernel's downloads of libraries. Only the library itself sends a password.
 */
public final class JavaNetwork {
  /** Java sends a proxy no password before an encrypted connection unless this is empty. */
  public static final String REFUSED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  /** Reached without a proxy, as Java has it by default. */
  private static final List<String> OWN_ADDRESSES = List.of("localhost", "127.*", "[::1]");

  private JavaNetwork() {}

  /**
   * Sets what is not set already. To be called before anything connects.
   *
   * @param environment variables
   */
  public static void use(Map<String, String> environment) {
    properties(environment).forEach(JavaNetwork::set);
    boolean named =
        Trust.VARIABLES.stream().anyMatch(v -> !environment.getOrDefault(v, "").isBlank());
    if (named && System.getProperty("javax.net.ssl.trustStore") == null) {
      SSLContext.setDefault(LateContext.of(() -> Trust.context(environment)));
    }
  }

  /** Sets one of Java's properties, unless somebody did. */
  public static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Java's settings of the same meaning. */
  static Map<String, String> properties(Map<String, String> environment) {
    ProxyVariables variables = new ProxyVariables(environment);
    Map<String, String> properties = new TreeMap<>();
    properties.put(REFUSED_SCHEMES, "");
    for (String scheme : List.of("http", "https")) {
      Optional<ProxyVariables.Address> proxy = known(variables, scheme);
      if (proxy.isPresent()) {
        properties.put(scheme + ".proxyHost", proxy.get().host());
        properties.put(scheme + ".proxyPort", Integer.toString(proxy.get().port()));
        properties.put("http.nonProxyHosts", excluded(variables.excluded()));
      }
    }
    return properties;
  }

  /** One that Java does not know is left out here; the library's first download says so. */
  private static Optional<ProxyVariables.Address> known(ProxyVariables variables, String scheme) {
    try {
      return variables.named(scheme);
    } catch (HubException e) {
      return Optional.empty();
    }
  }

  /** {@code no_proxy} as Java writes it: it knows stars, but neither domains, ports nor ranges. */
  private static String excluded(String entries) {
    List<String> all = new ArrayList<>(OWN_ADDRESSES);
    for (String entry : entries.split("[,\\s]+")) {
      boolean isAddress = entry.indexOf(':') != entry.lastIndexOf(':'); // of version 6
      String host = isAddress ? entry : entry.replaceFirst(":\\d+$", "");
      String name = host.replaceFirst("^\\*?\\.", "");
      if (name.equals("*")) {
        all.add("*");
      } else if (!name.isEmpty() && !name.contains("/")) {
        all.add(name);
        all.add("*." + name);
      }
    }
    return String.join("|", all);
  }
}
