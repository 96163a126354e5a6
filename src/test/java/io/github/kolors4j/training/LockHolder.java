package io.github.kolors4j.training;

import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.internal.files.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another training: a Java process of its own that holds a run's lock until it is killed. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] arguments) throws IOException {
    try (LockFile lock = LockFile.tryTake(Path.of(arguments[0]), reason -> {}).orElseThrow()) {
      System.out.println("held");
      System.in.read();
    }
  }

  static Process start(Path lock) throws IOException {
    List<String> options = List.of("-XX:TieredStopAtLevel=1", "-Xmx64m");
    return JavaProcess.of(options, LockHolder.class, lock.toString())
        .redirectErrorStream(true)
        .start();
  }
}
