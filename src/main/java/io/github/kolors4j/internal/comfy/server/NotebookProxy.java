package io.github.kolors4j.internal.comfy.server;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path by which a notebook server on another machine leads to ports of this one, as
 * jupyter-server-proxy does: {@code /user/NAME/proxy/8188/}.
 *
 * @param path begins and ends with a slash; {@code proxy/PORT/} follows
 */
public record NotebookProxy(String path) {
  /** Says where it is, if it cannot be found out: such as {@code /dsw-1/}. */
  static final String OWN = "KOLORS4J_NOTEBOOK_PREFIX";

  /** JupyterHub says so to each of its notebook servers. */
  private static final String HUB = "JUPYTERHUB_SERVICE_PREFIX";

  private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9@._~%+-]+/)*");
  private static final int TOKEN_BYTES = 16;

  /** The proxy of this process's environment, if it has one. */
  public static Optional<NotebookProxy> find() {
    return find(System.getenv());
  }

  static Optional<NotebookProxy> find(Map<String, String> environment) {
    String own = environment.getOrDefault(OWN, "");
    String path = own.isEmpty() ? environment.getOrDefault(HUB, "") : own;
    String whole = path.isEmpty() || path.endsWith("/") ? path : path + "/";
    return PATH.matcher(whole).matches() ? Optional.of(new NotebookProxy(whole)) : Optional.empty();
  }

  /** The path to a port. */
  public String to(int port) {
    return path + "proxy/" + port + "/";
  }

  /** What only who started the server knows: a proxy may let others of its users pass. */
  public static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
