package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ExecutionListener;
import io.github.kolors4j.internal.comfy.PromptExecution;
import java.util.Set;

/** Runs prompts, one at a time: {@link PromptExecution}, or a stand-in of a test. */
public interface PromptRunner extends AutoCloseable {

  /** Runs one, and tells the listener how it went; see {@link PromptExecution#run}. */
  void run(
      String promptId,
      JsonObject prompt,
      JsonObject extraPngInfo,
      Set<String> targets,
      ExecutionListener listener);

  /** Ends the run at work, from another thread. */
  void interrupt();

  /** Gives memory back: models, and kept results. */
  void free(boolean models, boolean results);

  @Override
  void close();

  /** The real one. */
  static PromptRunner of(PromptExecution execution) {
    return new PromptRunner() {
      @Override
      public void run(
          String promptId,
          JsonObject prompt,
          JsonObject extraPngInfo,
          Set<String> targets,
          ExecutionListener listener) {
        execution.run(promptId, prompt, extraPngInfo, targets, listener);
      }

      @Override
      public void interrupt() {
        execution.interrupt();
      }

      @Override
      public void free(boolean models, boolean results) {
        execution.free(models, results);
      }

      @Override
      public void close() {
        execution.close();
      }
    };
  }
}
