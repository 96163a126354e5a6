package io.github.kolors4j.hub;

import io.github.kolors4j.internal.hub.JavaNetwork;
import io.github.kolors4j.internal.hub.ProxyVariables;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Java's errors of a connection mean, in a person's words. */
final class ConnectionFailure {
  private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d+)");

  private ConnectionFailure() {}

  /**
   * A failure that may pass.
   *
   * @throws HubException if it will not: a proxy that refuses
   */
  static TransientFailure of(
      IOException error, URI server, Optional<ProxyVariables.Address> proxy) {
    String asked =
        proxy.map(address -> "the proxy " + address).orElse("the server " + server.getHost());
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return TransientFailure.unreachable("the name of " + asked + " is not known here", error);
      }
    }
    if (error instanceof HttpConnectTimeoutException) {
      return TransientFailure.unreachable(asked + " does not answer", error);
    }
    if (error instanceof ConnectException
        || error instanceof NoRouteToHostException
        || error instanceof SocketException && isUnreachable(error)) {
      return TransientFailure.unreachable(
          "no connection to " + asked + " can be made (" + reason(error) + ")", error);
    }
    Matcher tunnel = TUNNEL.matcher(reason(error));
    if (tunnel.find()) {
      String answer = "%s answered %s".formatted(asked, tunnel.group(1));
      if (!tunnel.group(1).startsWith("5")) {
        throw new HubException(
            "%s when asked for %s: it does not let this through. Ask whoever runs it, or name a hub that it allows (endpoint, HF_ENDPOINT, MODELSCOPE_ENDPOINT)."
                .formatted(answer, server.getHost()),
            error);
      }
      return new TransientFailure(answer + " when asked for " + server.getHost(), null, error);
    }
    return new TransientFailure(
        "the connection to " + server.getHost() + " failed (" + reason(error) + ")", null, error);
  }

  private static boolean isUnreachable(IOException error) {
    return reason(error).contains("unreachable");
  }

  /** Java says the kind of error only, where the message of one beneath says more. */
  private static String reason(IOException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && !cause.getMessage().startsWith("java.")) {
        return cause.getMessage();
      }
    }
    return error instanceof ConnectException ? "refused" : error.getClass().getSimpleName();
  }

  /** A proxy's answer 407. */
  static String unauthorised(Optional<ProxyVariables.Address> proxy, String what) {
    String name =
        proxy.map(address -> "The proxy " + address).orElse("The proxy of Java's settings");
    boolean named = proxy.isPresent() && proxy.get().user() != null;
    return named
        ? "%s: %s does not take this user name and password (407). Special characters are written as %%40 for @, %%3A for :. If both are right, another part of this program has used the network before: start Java with -D%s= then."
            .formatted(what, name, JavaNetwork.REFUSED_SCHEMES)
        : "%s: %s wants a user name and a password (407): set %s=http://USER:PASSWORD@HOST:PORT and start again."
            .formatted(
                what, name, proxy.map(ProxyVariables.Address::variable).orElse("HTTPS_PROXY"));
  }
}
