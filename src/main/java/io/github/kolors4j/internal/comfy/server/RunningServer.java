package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A server from its start to its end, and the parts that it is made of. */
public final class RunningServer implements AutoCloseable {
  private final ServerSettings settings;
  private final QueueFiles files;
  private final HistoryIndex history;
  private final PromptQueue queue;
  private final PromptWorker worker;
  private final JettyServer http;
  private final ExecutorService logSender;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private RunningServer(
      ServerSettings settings,
      NodeCatalogue catalogue,
      PromptCheck check,
      Supplier<PromptRunner> runners)
      throws IOException {
    this.settings = settings;
    ComfyFolders folders = settings.folders();
    Path user = folders.user().resolve("default");
    for (Path folder : List.of(folders.input(), folders.output(), folders.temp(), user)) {
      Files.createDirectories(folder);
    }
    ServerLog log = new ServerLog(settings.notices());
    TemporaryFiles.sweep(folders.temp(), log);
    ClientSockets sockets = new ClientSockets(features(settings), log);
    // On a thread of its own: who says something may hold a lock that sending waits for.
    logSender =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "comfy-log");
              thread.setDaemon(true);
              return thread;
            });
    log.sendTo(
        lines ->
            logSender.execute(
                () -> log.readers().forEach(reader -> sockets.send(reader, "logs", lines))));
    files = new QueueFiles(folders.base().resolve("queue"), log);
    history = new HistoryIndex(files, HistoryIndex.MOST);
    queue = new PromptQueue(files, history, settings.mostPrompts());
    if (settings.paused()) {
      queue.pause(true);
    }
    sockets.count(queue::remaining);
    worker = new PromptWorker(queue, sockets, runners, log);
    List<String> origins = settings.origins().stream().map(ServerSettings::origin).toList();
    PageFiles page = new PageFiles(settings.frontEnd(), origins);
    Router router = new Router(page::file);
    new SystemRoutes().addTo(router);
    new SettingsRoutes(user, log).addTo(router);
    new UserDataRoutes(user).addTo(router);
    new ModelRoutes(folders).addTo(router);
    new NodeRoutes(catalogue).addTo(router);
    new PromptRoutes(queue, check, worker, sockets).addTo(router);
    new ConvertRoutes(catalogue).addTo(router);
    new QueueRoutes(queue, sockets).addTo(router);
    new JobRoutes(queue, sockets).addTo(router);
    new UploadRoutes(folders, settings.mostUploadBytes()).addTo(router);
    new ViewRoutes(folders).addTo(router);
    new InternalRoutes(folders, log).addTo(router);
    AccessCheck access = new AccessCheck(settings.token(), settings.origins());
    http =
        new JettyServer(
            new InetSocketAddress(settings.address(), settings.port()),
            access,
            router,
            sockets,
            log);
  }

  private static JsonObject features(ServerSettings settings) {
    return Json.object(
        "supports_preview_metadata", true, "max_upload_size", settings.mostUploadBytes());
  }

  /**
   * Starts a server.
   *
   * @param runners makes what runs prompts, when the first one comes
   * @throws WorkflowException if the port is taken, or the folder is another server's
   */
  public static RunningServer start(
      ServerSettings settings,
      NodeCatalogue catalogue,
      PromptCheck check,
      Supplier<PromptRunner> runners) {
    RunningServer server;
    try {
      server = new RunningServer(settings, catalogue, check, runners);
    } catch (IOException e) {
      throw new WorkflowException(
          "The folder %s cannot be used: %s".formatted(settings.folders().base(), e), e);
    }
    try {
      server.http.start();
      server.worker.start();
      return server;
    } catch (WorkflowException e) {
      server.close();
      throw e;
    }
  }

  /** Its address, as a browser on this machine reaches it; with the token, if it wants one. */
  public URI url() {
    InetAddress address = settings.address();
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    String name = host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    String token = settings.token();
    String query =
        token == null
            ? ""
            : "?token="
                + java.net.URLEncoder.encode(token, java.nio.charset.StandardCharsets.UTF_8);
    return URI.create("http://%s:%d/%s".formatted(name, http.port(), query));
  }

  /** Ends the run at work, which the next server takes up again, and the server. */
  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    http.close();
    worker.close();
    logSender.shutdownNow();
    try {
      history.close();
      files.close();
    } catch (IOException e) {
      settings.notices().accept("The queue's folder was not closed in order: " + e);
    }
  }
}
