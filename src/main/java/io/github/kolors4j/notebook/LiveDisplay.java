package io.github.kolors4j.notebook;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One place below a cell whose content is replaced as a computation goes on.
 *
 * <pre>{@code
 * var live = new LiveDisplay();
 * live.show(lossChart, progress, samplePicture);    // the first call opens it, later ones replace
 * }</pre>
 *
 * May be used from any thread.
 */
public final class LiveDisplay {

  private @Nullable String id;

  /** Shows a value in place of the one before. */
  public synchronized void show(Object value) {
    if (id == null) {
      id = UUID.randomUUID().toString();
      Notebook.display(id, value);
    } else {
      Notebook.updateDisplay(id, value);
    }
  }

  /** Shows several values under one another in place of what was there before. */
  public void show(Object first, Object second, Object... more) {
    var values = new Object[2 + more.length];
    values[0] = first;
    values[1] = second;
    System.arraycopy(more, 0, values, 2, more.length);
    show(Html.column(values));
  }
}
