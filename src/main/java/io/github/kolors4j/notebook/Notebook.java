package io.github.kolors4j.notebook;

import io.github.kolors4j.internal.progress.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Shows values in the notebook that this code runs in; outside one, prints text and saves pictures.
 *
 * <pre>{@code
 * Notebook.display("portrait", picture);
 * Notebook.updateDisplay("portrait", betterPicture);        // in the same place
 * }</pre>
 *
 * Shown as pictures: {@code BufferedImage}, XChart charts, {@link
 * io.github.kolors4j.image.Renderable}s, and lists of those; as tables: Tablesaw tables; as HTML:
 * {@link Html}, {@link io.github.kolors4j.image.HtmlRenderable}s and {@link Progress}. Everything
 * else is left to the kernel, which shows its text.
 */
public final class Notebook {

  /** System property: the folder for pictures shown without a notebook; default build/display. */
  public static final String FOLDER_PROPERTY = "kolors4j.display.folder";

  private static final class Holder {
    static final Output OUTPUT =
        KernelOutput.find()
            .<Output>map(kernel -> kernel)
            .orElseGet(
                () ->
                    new ConsoleOutput(
                        System.out,
                        Path.of(System.getProperty(FOLDER_PROPERTY, "build/display")),
                        Duration.ofSeconds(10)));
  }

  private Notebook() {}

  /** Whether a Jupyter kernel runs this code, so that what is displayed appears in a notebook. */
  public static boolean isRunning() {
    return output() instanceof KernelOutput;
  }

  /**
   * Teaches the running kernel to show the library's types when they are a cell's last expression,
   * and long work of the library as a bar with a stop button. The kernel's start-up script calls it
   * once; without a kernel it does nothing.
   */
  public static void install() {
    if (output() instanceof KernelOutput kernel) {
      kernel.registerTypes();
      Work.usuallyWatchedBy(() -> new LiveWork(LiveWork.USUAL_DELAY));
    }
  }

  /** Shows a value below the running cell. */
  public static void display(Object value) {
    display(UUID.randomUUID().toString(), value);
  }

  /**
   * Same, under a name by which {@link #updateDisplay} replaces it.
   *
   * @param id any text that no other display has
   */
  public static void display(String id, Object value) {
    output().show(id, value);
  }

  /** Replaces, in its place, what {@link #display} showed under this id. */
  public static void updateDisplay(String id, Object value) {
    output().update(id, value);
  }

  private static Output output() {
    return Holder.OUTPUT;
  }
}
