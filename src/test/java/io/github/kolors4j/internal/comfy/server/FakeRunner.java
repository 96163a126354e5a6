package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.ExecutionListener;
import io.github.kolors4j.internal.comfy.ValidatedPrompt;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs prompts of the classes {@code Step} (three steps of progress, with previews), {@code Save},
 * {@code Fail} and {@code Wait} (until it is interrupted), without any model.
 */
final class FakeRunner implements PromptRunner {
  /** Which prompts were run, in order. */
  final List<String> ran = new CopyOnWriteArrayList<>();

  final List<String> freed = new CopyOnWriteArrayList<>();
  private final long stepMillis;
  private boolean isInterrupted;

  FakeRunner() {
    this(0);
  }

  FakeRunner(long stepMillis) {
    this.stepMillis = stepMillis;
  }

  @Override
  public void run(
      String promptId,
      JsonObject prompt,
      JsonObject extraPngInfo,
      Set<String> targets,
      ExecutionListener listener) {
    synchronized (this) {
      isInterrupted = false;
    }
    ran.add(promptId);
    listener.start(promptId);
    listener.cached(promptId, List.of());
    List<String> executed = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : prompt.entrySet()) {
      String node = entry.getKey();
      String type = entry.getValue().getAsJsonObject().get("class_type").getAsString();
      listener.executing(promptId, node);
      for (int step = 1; step <= 3 && type.equals("Step"); step++) {
        listener.progress(promptId, node, step, 3);
        listener.preview(promptId, node, new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB));
        await(stepMillis);
      }
      if (type.equals("Wait")) {
        await(Long.MAX_VALUE);
      }
      if (isStopped()) {
        listener.interrupted(promptId, node, type, executed);
        return;
      }
      if (type.equals("Fail")) {
        listener.error(
            promptId,
            new ExecutionListener.Failure(
                node,
                type,
                executed,
                "It failed.",
                "java.lang.IllegalStateException",
                List.of("  at here\n"),
                new JsonObject()));
        return;
      }
      if (type.equals("Save")) {
        JsonObject image =
            Json.object("filename", node + ".png", "subfolder", "", "type", "output");
        JsonArray images = Json.array(image);
        listener.executed(promptId, node, Json.object("images", images));
      }
      executed.add(node);
    }
    listener.success(promptId);
  }

  private synchronized boolean isStopped() {
    return isInterrupted;
  }

  private synchronized void await(long millis) {
    long end = millis == Long.MAX_VALUE ? millis : System.currentTimeMillis() + millis;
    try {
      while (!isInterrupted && System.currentTimeMillis() < end) {
        wait(Math.max(1, Math.min(60_000, end - System.currentTimeMillis())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void interrupt() {
    isInterrupted = true;
    notifyAll();
  }

  @Override
  public void free(boolean models, boolean results) {
    freed.add("models %b results %b".formatted(models, results));
  }

  @Override
  public void close() {
    freed.add("closed");
  }

  /** Classes of nodes that it runs, and {@code Save} is the output. */
  static ValidatedPrompt check(JsonElement given, List<String> targets) {
    JsonObject prompt = given.getAsJsonObject();
    List<String> outputs = new ArrayList<>();
    for (Map.Entry<String, JsonElement> node : prompt.entrySet()) {
      if (!node.getValue().getAsJsonObject().get("class_type").getAsString().equals("Step")) {
        outputs.add(node.getKey());
      }
    }
    if (targets != null) {
      outputs.retainAll(targets);
    }
    if (outputs.isEmpty()) {
      JsonObject error =
          Json.object(
              "type", "prompt_no_outputs",
              "message", "Prompt has no outputs",
              "details", "",
              "extra_info", new JsonObject());
      return new ValidatedPrompt(prompt, Set.of(), error, new JsonObject());
    }
    return new ValidatedPrompt(prompt, new LinkedHashSet<>(outputs), null, new JsonObject());
  }
}
