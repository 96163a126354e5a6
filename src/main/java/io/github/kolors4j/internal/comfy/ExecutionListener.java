package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Hears how a prompt is run, on the thread that runs it: one method for each of ComfyUI's messages.
 */
public interface ExecutionListener {

  /** Hears nothing. */
  ExecutionListener NONE = new ExecutionListener() {};

  /** {@code execution_start}. */
  default void start(String promptId) {}

  /** {@code execution_cached}: results of the last run that are taken again. */
  default void cached(String promptId, List<String> nodes) {}

  /** {@code executing}. */
  default void executing(String promptId, String node) {}

  /** {@code progress} and {@code progress_state}. */
  default void progress(String promptId, String node, double value, double max) {}

  /** The preview picture of a node. */
  default void preview(String promptId, String node, BufferedImage picture) {}

  /** The progress text of a node, such as what it loads. */
  default void text(String promptId, String node, String text) {}

  /**
   * What a node is busy with that is not counted in steps ({@code activity} in {@code
   * progress_state}).
   *
   * @param activity {@code loading}, or empty when that is over
   */
  default void activity(String promptId, String node, String activity) {}

  /**
   * What a person should know also when the run is over, such as which model was taken in another's
   * place. ComfyUI has no such message: it is a progress text there.
   */
  default void notice(String promptId, String node, String text) {
    text(promptId, node, text);
  }

  /**
   * {@code executed}.
   *
   * @param output what the page shows, such as {@code {"images": […]}}; also for a node whose
   *     result was kept
   */
  default void executed(String promptId, String node, JsonObject output) {}

  /** {@code execution_success}. */
  default void success(String promptId) {}

  /** {@code execution_error}. */
  default void error(String promptId, Failure failure) {}

  /** {@code execution_interrupted}. */
  default void interrupted(String promptId, String node, String nodeType, List<String> executed) {}

  /**
   * A node that failed.
   *
   * @param node its id
   * @param nodeType its class_type
   * @param executed the nodes that had been run, or whose results were kept
   * @param message what is wrong
   * @param exceptionType the Java class of the exception
   * @param traceback lines, each with its line end
   * @param inputs the values that it was run with, as texts
   */
  record Failure(
      String node,
      String nodeType,
      List<String> executed,
      String message,
      String exceptionType,
      List<String> traceback,
      JsonObject inputs) {}
}
