package io.github.kolors4j.notebook;

import io.github.kolors4j.internal.launch.ProgramStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A button below the cell that ends a long computation in good order: the computation asks after
 * every step whether it was pressed, saves what it has, and the cell goes on with the result.
 *
 * <pre>{@code
 * try (var stop = StopButton.show()) {
 *   while (step < steps && !stop.pressed()) { … }
 * }
 * }</pre>
 *
 * A running cell can receive no message of its own notebook, so the button leaves a file: the page
 * asks the Jupyter server to write it beside the notebook, and {@link #pressed()} looks for it. It
 * is a hidden file where the server writes such ({@code environment/lab} lets it), is there for a
 * moment only, and git does not see it. Where the page cannot (other front ends, a terminal), make
 * it by hand; the button's tooltip names it.
 *
 * <p>The notebook's own interrupt (■ in its toolbar) presses the button, too. The cell is then
 * reported as interrupted, the cells behind it do not run, and the variable that it assigns its
 * result to is set all the same.
 */
public final class StopButton implements BooleanSupplier, AutoCloseable {

  private static final Pattern KERNEL_ID =
      Pattern.compile("kernel-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.json");

  /** How the files' names begin; {@code .gitignore} has them with and without the dot. */
  private static final String NAME = ".stop-kolors4j-";

  private final Path file;

  /** Of the same name without its dot, for servers that write no hidden files. */
  private final Path visible;

  private final LiveDisplay display = new LiveDisplay();
  private volatile boolean pressed;

  private StopButton(Path file) {
    this.file = file;
    String name = file.getFileName().toString();
    visible = name.startsWith(".") ? file.resolveSibling(name.substring(1)) : file;
  }

  /** Shows a button that leaves its file in the notebook's folder, or the working directory. */
  public static StopButton show() {
    String folder =
        Objects.requireNonNullElse(
            System.getenv("KOLORS4J_NOTEBOOK_FOLDER"),
            System.getProperty(ProgramStart.NOTEBOOK_FOLDER, ""));
    String name = NAME + UUID.randomUUID().toString().substring(0, 8);
    return show(Path.of(folder, name));
  }

  /**
   * Shows a button.
   *
   * @param file the file to look for: a new name in the notebook's folder
   */
  static StopButton show(Path file) {
    var button = new StopButton(file);
    if (Notebook.isRunning()) {
      button.display.show(button.html());
    }
    return button;
  }

  /**
   * Whether to stop now: the button was pressed, its file exists, or the thread that asks was
   * interrupted (its interrupted status stays set). Once true, always true. Takes microseconds.
   */
  public boolean pressed() {
    if (!pressed
        && (Thread.currentThread().isInterrupted()
            || Files.exists(file)
            || Files.exists(visible))) {
      pressed = true;
    }
    return pressed;
  }

  /** The same as {@link #pressed()}. */
  @Override
  public boolean getAsBoolean() {
    return pressed();
  }

  /** Presses the button, from any thread. */
  public void press() {
    pressed = true;
  }

  /** The file whose existence presses the button. */
  public Path file() {
    return file;
  }

  /** Takes the button off the page and removes its file. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(visible);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file.toAbsolutePath(), e);
    }
    if (Notebook.isRunning()) {
      display.show(new Html(pressed ? "<div>■ stopped 已停止</div>" : "<div></div>"));
    }
  }

  private Html html() {
    // The page knows neither the kernel's folder nor the notebook's: the server's list of sessions
    // says which notebook this kernel belongs to, and the file goes beside it.
    String script =
        """
        (async button => {
          button.disabled = true;
          const say = text => { button.textContent = text; };
          try {
            const config = JSON.parse(document.getElementById('jupyter-config-data').textContent);
            const base = config.baseUrl;
            const headers = {'Content-Type': 'application/json'};
            const cookie = document.cookie.match(/_xsrf=([^;]+)/);
            if (cookie) headers['X-XSRFToken'] = decodeURIComponent(cookie[1]);
            if (config.token) headers['Authorization'] = 'token ' + config.token;
            const sessions = await (await fetch(base + 'api/sessions', {headers})).json();
            const session = sessions.find(s => s.kernel && s.kernel.id === '%1$s');
            const folder = session.path.split('/').slice(0, -1).map(encodeURIComponent);
            const body = JSON.stringify({type: 'file', format: 'text', content: 'stop'});
            for (const name of ['%2$s', '%3$s']) {
              const url = base + 'api/contents/' + [...folder, name].join('/');
              const answer = await fetch(url, {method: 'PUT', headers, body});
              if (answer.ok) {
                say('stopping… 正在停止…');
                return;
              }
            }
            throw new Error('refused');
          } catch (error) {
            button.disabled = false;
            say('cannot reach the server: make the file %3$s beside the notebook');
          }
        })(this)"""
            .formatted(kernelId(), file.getFileName(), visible.getFileName());
    return new Html(
        "<button style=\"padding:2px 12px\" title=\"or make the file "
            + Html.escape(visible.toAbsolutePath().toString())
            + "\" onclick=\""
            + Html.escape(script)
            + "\">■ stop 停止</button>");
  }

  /**
   * The id that Jupyter gave this kernel: part of the connection file's name on its command line.
   */
  private static String kernelId() {
    Matcher id = KERNEL_ID.matcher(System.getProperty("sun.java.command", ""));
    return id.find() ? id.group(1) : "";
  }
}
