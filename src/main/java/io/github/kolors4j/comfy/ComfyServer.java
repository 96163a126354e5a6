package io.github.kolors4j.comfy;

import io.github.kolors4j.internal.comfy.ComfyFolders;
import io.github.kolors4j.internal.comfy.PromptExecution;
import io.github.kolors4j.internal.comfy.server.FrontEnd;
import io.github.kolors4j.internal.comfy.server.NotebookProxy;
import io.github.kolors4j.internal.comfy.server.PromptCheck;
import io.github.kolors4j.internal.comfy.server.PromptRunner;
import io.github.kolors4j.internal.comfy.server.RunningServer;
import io.github.kolors4j.internal.comfy.server.ServerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that ComfyUI's page and ComfyUI's clients talk to: graphs are posted, wait in a queue
 * that outlives the server, and are run one after another.
 *
 * <pre>{@code
 * var server = ComfyServer.start();
 * server.url()                       // http://127.0.0.1:8188/
 * }</pre>
 *
 * <p>It serves this machine alone unless it is given another address, and then wants a token. Jetty
 * has to be on the class path ({@code org.eclipse.jetty:jetty-server} and {@code
 * org.eclipse.jetty.websocket:jetty-websocket-jetty-server}), which this library does not bring.
 */
public final class ComfyServer implements AutoCloseable {
  private final RunningServer server;
  private final boolean hasPage;

  private ComfyServer(RunningServer server, boolean hasPage) {
    this.server = server;
    this.hasPage = hasPage;
  }

  /**
   * Starts a server at port 8188 of this machine, with the folder {@code comfyui} for its files.
   * Behind a notebook server's proxy (JupyterHub's) it gets a token, which is in its {@link #url}.
   *
   * @throws WorkflowException if the port is taken, another server has the folder, or Jetty is not
   *     there
   */
  public static ComfyServer start() {
    return options().start();
  }

  /** How a server is started, if not as {@link #start()} does. */
  public static Options options() {
    return new Options();
  }

  /** Where it is reached; with the token in it, if it wants one. */
  public URI url() {
    return server.url();
  }

  /** Whether ComfyUI's page is installed; if not, only its API answers. */
  public boolean hasPage() {
    return hasPage;
  }

  /** Ends it. What waits, and what is run, waits for the next server on the same folder. */
  @Override
  public void close() {
    server.close();
  }

  /** The address, as a notebook shows it. */
  @Override
  public String toString() {
    return url() + (hasPage ? "" : " (" + FrontEnd.HOW_TO_INSTALL + ")");
  }

  /** How a server is started. Immutable: each method returns other options. */
  public static final class Options {
    private String listen = "127.0.0.1";
    private int port = ServerSettings.PORT;
    private Path base = ComfyFolders.standard().base();
    private @Nullable String token;
    private List<URI> origins = List.of();
    private @Nullable Path frontEnd = FrontEnd.find();
    private boolean isPaused;
    private int mostPrompts = ServerSettings.MOST_PROMPTS;
    private long mostUploadBytes = ServerSettings.MOST_UPLOAD_BYTES;
    private Consumer<String> notices = System.err::println;

    private Options() {}

    private Options changed(Consumer<Options> change) {
      Options copy = new Options();
      copy.listen = listen;
      copy.port = port;
      copy.base = base;
      copy.token = token;
      copy.origins = origins;
      copy.frontEnd = frontEnd;
      copy.isPaused = isPaused;
      copy.mostPrompts = mostPrompts;
      copy.mostUploadBytes = mostUploadBytes;
      copy.notices = notices;
      change.accept(copy);
      return copy;
    }

    /** The address that it listens at; any but this machine's own wants a {@link #token}. */
    public Options listen(String address) {
      return changed(copy -> copy.listen = address);
    }

    /** The port, 1–65535; 0 takes a free one. */
    public Options port(int number) {
      if (number < 0 || number > 65535) {
        throw new IllegalArgumentException("A port is 0 to 65535, not " + number + ".");
      }
      return changed(copy -> copy.port = number);
    }

    /** The folder around {@code input}, {@code output}, {@code models}, {@code queue} and more. */
    public Options base(Path folder) {
      return changed(copy -> copy.base = folder);
    }

    /** What a client has to know, 8 characters or more: {@code ?token=…}, or a bearer's header. */
    public Options token(String secret) {
      return changed(copy -> copy.token = secret);
    }

    /**
     * Lets another page call, or this one under another name, as a tunnel or a notebook server's
     * proxy gives it.
     *
     * @param origin such as {@code https://lab.example.org}
     */
    public Options allowOrigin(String origin) {
      List<URI> more = new ArrayList<>(origins);
      try {
        more.add(new URI(origin));
      } catch (java.net.URISyntaxException e) {
        throw new IllegalArgumentException(
            "An origin is written as https://lab.example.org, not as " + origin + ".", e);
      }
      return changed(copy -> copy.origins = List.copyOf(more));
    }

    /**
     * Where ComfyUI's page is, if not where {@code environment/comfyui-front-end} puts it.
     *
     * @throws WorkflowException if it is not there
     */
    public Options frontEnd(Path folder) {
      Path found =
          FrontEnd.within(folder)
              .orElseThrow(
                  () ->
                      new WorkflowException(
                          "There is no index.html in %s, nor in its folder static."
                              .formatted(folder)));
      return changed(copy -> copy.frontEnd = found);
    }

    /** Begins with a queue that waits until {@code POST /queue/resume}. */
    public Options paused() {
      return changed(copy -> copy.isPaused = true);
    }

    /** How many prompts may wait, 1000 otherwise. */
    public Options maxQueued(int prompts) {
      return changed(copy -> copy.mostPrompts = prompts);
    }

    /** How many bytes an uploaded file may have, 100 MiB otherwise. */
    public Options maxUploadSize(long bytes) {
      return changed(copy -> copy.mostUploadBytes = bytes);
    }

    /** Who hears what a person should know, otherwise the error output. */
    public Options notices(Consumer<String> listener) {
      return changed(copy -> copy.notices = listener);
    }

    /**
     * Starts the server.
     *
     * @throws WorkflowException as {@link ComfyServer#start()}, or if others could reach it without
     *     a token
     */
    public ComfyServer start() {
      requireJetty();
      String secret =
          token == null && NotebookProxy.find().isPresent() ? NotebookProxy.newToken() : token;
      ServerSettings settings =
          new ServerSettings(
              listen,
              port,
              new ComfyFolders(base),
              secret,
              origins,
              frontEnd,
              isPaused,
              mostPrompts,
              mostUploadBytes,
              notices);
      NodeCatalogue catalogue = NodeCatalogue.load(settings.folders());
      return new ComfyServer(
          RunningServer.start(
              settings,
              catalogue,
              PromptCheck.of(catalogue),
              () -> PromptRunner.of(new PromptExecution(catalogue))),
          frontEnd != null);
    }

    private static void requireJetty() {
      try {
        Class.forName("org.eclipse.jetty.websocket.server.ServerWebSocketContainer");
        Class.forName("org.eclipse.jetty.server.Server");
      } catch (ClassNotFoundException e) {
        throw new WorkflowException(
            """
            ComfyServer needs Jetty 12.1, which is not on the class path. Add to your project:
              org.eclipse.jetty:jetty-server:12.1.14
              org.eclipse.jetty.websocket:jetty-websocket-jetty-server:12.1.14
            In a notebook: %maven org.eclipse.jetty.websocket:jetty-websocket-jetty-server:12.1.14""",
            e);
      }
    }
  }
}
