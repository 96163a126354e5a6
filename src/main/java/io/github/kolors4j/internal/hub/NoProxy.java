package io.github.kolors4j.internal.hub;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is reached without a proxy: {@code no_proxy} with commas or spaces between its entries. A
 * domain stands for all in it, with or without a dot or {@code *.} before it; an entry may have a
 * port; addresses may be ranges ({@code 10.0.0.0/8}); {@code *} is everything. Nothing is looked
 * up.
 *
 * @param entries the variable's value
 */
record NoProxy(String entries) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  boolean covers(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    if (host.equals("localhost")
        || literal(host).filter(InetAddress::isLoopbackAddress).isPresent()) {
      return true;
    }
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    for (String entry : entries.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      if (covers(entry, host, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return inRange(host, entry.substring(0, slash), entry.substring(slash + 1));
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon >= 0 && (entry.indexOf(':') == colon || entry.startsWith("["));
    if (hasPort && !entry.endsWith("]")) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = name.replaceAll("[\\[\\]]", "").replaceFirst("^\\*?\\.", "");
    Optional<InetAddress> address = literal(name);
    return !name.isEmpty()
        && (host.equals(name)
            || host.endsWith("." + name) && address.isEmpty()
            || address.isPresent() && address.equals(literal(host)));
  }

  private static boolean inRange(String host, String network, String bits) {
    Optional<InetAddress> address = literal(host);
    Optional<InetAddress> base = literal(network);
    if (address.isEmpty() || base.isEmpty() || !bits.matches("\\d{1,3}")) {
      return false;
    }
    byte[] one = address.get().getAddress();
    byte[] other = base.get().getAddress();
    int free = 8 * other.length - Integer.parseInt(bits);
    return one.length == other.length
        && free >= 0
        && new BigInteger(1, one)
            .shiftRight(free)
            .equals(new BigInteger(1, other).shiftRight(free));
  }

  /** An address that is written as one; names are not looked up. */
  private static Optional<InetAddress> literal(String text) {
    try {
      return ADDRESS.matcher(text).matches()
          ? Optional.of(InetAddress.getByName(text))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
