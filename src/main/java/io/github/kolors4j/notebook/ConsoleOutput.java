package io.github.kolors4j.notebook;

import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows values where no notebook is: text is printed; pictures and HTML become files in a folder,
 * whose paths are printed. An update rewrites the file and prints its text only now and then.
 */
final class ConsoleOutput implements Output {

  private final PrintStream out;
  private final Path folder;
  private final Duration pause;
  private final Map<String, Shown> shown = new HashMap<>();

  private record Shown(int number, long printedAt) {}

  /**
   * @param folder made when the first file is written
   * @param pause the least time between two printed updates of the same value
   */
  ConsoleOutput(PrintStream out, Path folder, Duration pause) {
    this.out = out;
    this.folder = folder;
    this.pause = pause;
  }

  @Override
  public synchronized void show(String id, Object value) {
    int number = shown.containsKey(id) ? shown.get(id).number() : shown.size() + 1;
    write(id, number, Rendering.of(value), true);
  }

  @Override
  public synchronized void update(String id, Object value) {
    Shown before = shown.get(id);
    if (before == null) {
      show(id, value);
      return;
    }
    boolean due = System.nanoTime() - before.printedAt() >= pause.toNanos();
    boolean finished = value instanceof Progress progress && progress.done() == progress.total();
    write(id, before.number(), Rendering.of(value), due || finished);
  }

  private void write(String id, int number, Rendering rendering, boolean print) {
    String file = "display-%03d".formatted(number);
    Path path = null;
    try {
      if (rendering.picture().isPresent()) {
        path = folder.resolve(file + ".png");
        AtomicFile.write(path, out -> PictureEncoder.png(rendering.picture().get(), out));
      } else if (rendering.html().isPresent() && rendering.html().get().source().contains("<img")) {
        path = folder.resolve(file + ".html");
        String page = "<!doctype html><meta charset=\"utf-8\">" + rendering.html().get().source();
        AtomicFile.writeText(path, page);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save what should be shown in " + folder, e);
    }
    if (print) {
      out.println(path == null ? rendering.text() : rendering.text() + " → " + path);
    }
    Shown before = shown.get(id);
    long printedAt = print || before == null ? System.nanoTime() : before.printedAt();
    shown.put(id, new Shown(number, printedAt));
  }
}
