package io.github.kolors4j.cli;

import io.github.kolors4j.comfy.ComfyServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kolors4j comfyui}: a server for ComfyUI's page and its clients. */
@Command(
    name = "comfyui",
    description = {
      "Serves ComfyUI's page and API: graphs are drawn in the browser and run here, one after another."
          + " What waits is kept in a folder and outlives the server. Ctrl+C ends it.",
    },
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class ComfyuiCommand implements Callable<Integer> {

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "Where it is reached; any address but this machine's own wants --token.")
  private String listen = "127.0.0.1";

  @Option(names = "--port", description = "The port; 0 takes a free one.")
  private int port = 8188;

  @Option(
      names = {"--base", "--base-directory"},
      paramLabel = "FOLDER",
      description = "The folder around input, output, models, user and queue; otherwise comfyui.")
  private Path base;

  @Option(
      names = "--token",
      paramLabel = "SECRET",
      description =
          "What a client has to know, 8 characters or more. KOLORS4J_COMFYUI_TOKEN gives it where others see the command line.")
  private String token;

  @Option(
      names = "--allow-origin",
      paramLabel = "URL",
      description = "Another address that leads here, of a tunnel or proxy; may come again.")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = {"--front-end", "--front-end-root"},
      paramLabel = "FOLDER",
      description =
          "The folder of ComfyUI's page; otherwise where environment/comfyui-front-end puts it.")
  private Path frontEnd;

  @Option(names = "--paused", description = "Begin with a queue that waits until it is resumed.")
  private boolean paused;

  @Option(
      names = "--download",
      description = "Download a model that a graph names and that is not here; otherwise it fails.")
  private boolean download;

  @Option(
      names = "--max-queued",
      paramLabel = "PROMPTS",
      description = "How many prompts may wait.")
  private int mostPrompts = 1000;

  @Option(
      names = "--max-upload-size",
      paramLabel = "MEGABYTES",
      description = "The largest file that is taken.")
  private int mostUpload = 100;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (download) {
      System.setProperty("kolors4j.comfyui.download", "true"); // read where models are looked for
    }
    CountDownLatch ended = new CountDownLatch(1);
    try (ComfyServer server = options(err).start()) {
      Thread hook =
          new Thread(
              () -> {
                server.close(); // what is run is kept for the next start
                ended.countDown();
              });
      Runtime.getRuntime().addShutdownHook(hook);
      out.println("ComfyUI: " + server);
      out.flush();
      ended.await();
    }
    return 0;
  }

  private ComfyServer.Options options(PrintWriter err) {
    ComfyServer.Options options =
        ComfyServer.options()
            .listen(listen)
            .port(port)
            .maxQueued(mostPrompts)
            .maxUploadSize((long) mostUpload << 20)
            .notices(
                notice -> {
                  err.println(notice);
                  err.flush();
                });
    String secret = token == null ? System.getenv("KOLORS4J_COMFYUI_TOKEN") : token;
    if (secret != null && !secret.isEmpty()) {
      options = options.token(secret);
    }
    if (base != null) {
      options = options.base(base);
    }
    if (frontEnd != null) {
      options = options.frontEnd(frontEnd);
    }
    for (String origin : origins) {
      options = options.allowOrigin(origin);
    }
    return paused ? options.paused() : options;
  }
}
