package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeCatalogue;
import java.util.Set;

/**
 * Runs prompts, one at a time, and keeps what unchanged nodes gave from one run to the next. Not
 * for several threads at once, but for {@link #interrupt}.
 */
public final class PromptExecution implements AutoCloseable {
  private final NodeCatalogue catalogue;
  private volatile boolean interrupted;

  /** Runs prompts of these nodes. */
  public PromptExecution(NodeCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** How a run ended. */
  public enum Outcome {
    SUCCESS,
    ERROR,
    INTERRUPTED
  }

  /**
   * Runs a prompt that was found valid.
   *
   * @param prompt as ComfyUI's page posts it
   * @param extraPngInfo what goes into the pictures' files, such as {@code workflow}
   * @param targets ids of the output nodes to run; all that these need is run
   */
  public Outcome run(
      String promptId,
      JsonObject prompt,
      JsonObject extraPngInfo,
      Set<String> targets,
      ExecutionListener listener) {
    interrupted = false;
    listener.start(promptId);
    throw new UnsupportedOperationException("Not built yet: " + catalogue + interrupted);
  }

  /** Ends the run at work within one sampler step; from any thread. */
  public void interrupt() {
    interrupted = true;
  }

  /**
   * Gives memory back (ComfyUI's {@code /free}).
   *
   * @param models whether models are unloaded
   * @param results whether kept results are forgotten
   */
  public void free(boolean models, boolean results) {}

  /** Frees everything. */
  @Override
  public void close() {
    free(true, true);
  }
}
