package io.github.kolors4j.hub;

import io.github.kolors4j.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Another notebook: the main method of a Java process of its own. */
final class OtherProcess {
  private OtherProcess() {}

  /**
   * Either {@code download ENDPOINT FOLDER} or {@code lock FOLDER}, which holds until input ends.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("lock")) {
      StopCheck never = new StopCheck(() -> false);
      try (FolderLock lock =
          FolderLock.take(Path.of(arguments[1]), Duration.ZERO, new HubListener() {}, never)) {
        System.out.println("held");
        System.in.read();
      }
    } else {
      new Hub(HubSettings.of(false, Map.of("HOME", arguments[2])))
          .endpoint(URI.create(arguments[1]))
          .folder(Path.of(arguments[2]))
          .fetch("someone/something");
      System.out.println("done");
    }
  }

  static Process start(String... arguments) throws IOException {
    List<String> options = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");
    return JavaProcess.of(options, OtherProcess.class, arguments).redirectErrorStream(true).start();
  }
}
