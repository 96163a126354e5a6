package io.github.kolors4j.internal.comfy.server;

import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.internal.comfy.ComfyFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A server in a process of its own, for {@link KilledServerTest}. */
final class ServerProgram {
  private ServerProgram() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments the folder, and how many milliseconds a step takes
   */
  public static void main(String[] arguments) throws InterruptedException {
    ComfyFolders folders = new ComfyFolders(Path.of(arguments[0]));
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            folders,
            null,
            List.of(),
            null,
            false,
            ServerSettings.MOST_PROMPTS,
            ServerSettings.MOST_UPLOAD_BYTES,
            notice -> System.out.println("notice: " + notice));
    RunningServer server =
        RunningServer.start(
            settings,
            NodeCatalogue.load(folders),
            FakeRunner::check,
            () -> new FakeRunner(Long.parseLong(arguments[1])));
    System.out.println("url: " + server.url());
    new CountDownLatch(1).await();
  }
}
