package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started.
 *
 * @param listen the address that it is reached at
 * @param port 0 takes a free one
 * @param folders where files are read and written
 * @param token what a client has to know; null if everyone on this machine may
 * @param origins whose pages may call, beside its own: {@code https://lab.example.org}
 * @param frontEnd the folder of the page's files; null if it is not installed
 * @param paused whether the queue waits until it is resumed
 * @param mostPrompts that may wait
 * @param mostUploadBytes of a picture that is uploaded
 * @param notices hears what a person should know
 */
public record ServerSettings(
    String listen,
    int port,
    ComfyFolders folders,
    @Nullable String token,
    List<URI> origins,
    @Nullable Path frontEnd,
    boolean paused,
    int mostPrompts,
    long mostUploadBytes,
    Consumer<String> notices) {
  /** As ComfyUI. */
  public static final int PORT = 8188;

  /** Prompts that may wait. */
  public static final int MOST_PROMPTS = 1000;

  /** As ComfyUI: 100 MB. */
  public static final long MOST_UPLOAD_BYTES = 100L << 20;

  private static final int SHORTEST_TOKEN = 8;

  /**
   * Checks what would leave the server open.
   *
   * @throws WorkflowException if others than this machine could reach it without a token
   */
  public ServerSettings {
    origins = List.copyOf(origins);
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new WorkflowException(
          "A token of %d characters is guessed soon; take %d or more."
              .formatted(token.length(), SHORTEST_TOKEN));
    }
    if (token == null && !isLoopback(address(listen))) {
      throw new WorkflowException(
          ("At %s others can reach the server, and run what they like on this machine: give a token"
                  + " that they have to know (--token, ComfyServer.options().token(…)), or listen at"
                  + " 127.0.0.1.")
              .formatted(listen));
    }
    for (URI origin : origins) {
      if (origin.getHost() == null || origin.getScheme() == null) {
        throw new WorkflowException(
            "An origin is written as https://lab.example.org, not as %s.".formatted(origin));
      }
    }
  }

  /** The address that is listened at. */
  InetAddress address() {
    return address(listen);
  }

  private static InetAddress address(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new WorkflowException(
          "There is no address %s to listen at; 127.0.0.1 is this machine.".formatted(name), e);
    }
  }

  private static boolean isLoopback(InetAddress address) {
    return address.isLoopbackAddress();
  }

  /** As a browser's {@code Origin} has it: without the usual port of its scheme. */
  static String origin(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
  }
}
