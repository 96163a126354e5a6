package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.comfy.NodeCatalogue;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.comfy.WorkflowResult;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.files.ShownPath;
import io.github.kolors4j.internal.progress.Work;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a workflow in this process, without a server: with the bars and the stop button of a
 * notebook, and the picture so far under them.
 */
public final class WorkflowRun implements ExecutionListener {
  private static final long LOOK_EVERY_MILLIS = 100;

  /** One for the process, so that models stay loaded and results are kept from run to run. */
  private static final NodeCatalogue CATALOGUE = NodeCatalogue.load(ComfyFolders.standard());

  private static final Declarations DECLARATIONS = CATALOGUE;
  private static final PromptExecution EXECUTION = new PromptExecution(CATALOGUE);

  private final JsonObject prompt;
  private final Work work;
  private final List<WorkflowResult.Picture> pictures = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();
  private final Set<String> reused = new HashSet<>();
  private @Nullable Work node;
  private @Nullable Failure failure;
  private String atWork = "";

  private WorkflowRun(JsonObject prompt, Work work) {
    this.prompt = prompt;
    this.work = work;
  }

  /** The nodes that a workflow in this process can have. */
  public static Declarations declarations() {
    return DECLARATIONS.remembered();
  }

  /**
   * Runs a workflow.
   *
   * @param json a workflow, or a prompt
   * @throws WorkflowException if it cannot be run, or a node fails: the message names it
   * @throws StoppedException if a person stops it
   */
  public static WorkflowResult run(JsonObject json) {
    boolean isWorkflow = WorkflowFile.isWorkflow(json);
    JsonObject posted = isWorkflow ? PromptConversion.convert(json, DECLARATIONS) : json;
    ValidatedPrompt valid = PromptValidation.validate(posted, DECLARATIONS, null);
    if (!valid.isValid()) {
      throw new WorkflowException(
          "这个工作流现在还不能运行 (the workflow cannot be run as it is):" + reasons(valid));
    }
    JsonObject extra = new JsonObject();
    if (isWorkflow) {
      extra.add("workflow", json);
    }
    synchronized (EXECUTION) {
      long start = System.nanoTime();
      try (Work work = Work.begin("运行工作流 (running the workflow)", "nodes", valid.prompt().size())) {
        WorkflowRun run = new WorkflowRun(valid.prompt(), work);
        if (valid.nodeErrors().size() > 0) {
          run.notices.add("有的输出没有运行 (some outputs were not run):" + reasons(valid));
        }
        run.execute(valid, extra);
        return run.result((System.nanoTime() - start) / 1e9);
      }
    }
  }

  /** What is wrong, a line for each error, with the node that has it. */
  private static String reasons(ValidatedPrompt found) {
    StringBuilder reasons = new StringBuilder();
    for (Map.Entry<String, JsonElement> entry : found.nodeErrors().entrySet()) {
      JsonObject wrong = entry.getValue().getAsJsonObject();
      for (JsonElement error : wrong.getAsJsonArray("errors")) {
        reasons
            .append(
                "\n  #%s %s: ".formatted(entry.getKey(), JsonShape.text(wrong, "class_type", "")))
            .append(reason(error.getAsJsonObject()));
      }
    }
    JsonObject error = found.error();
    return reasons.isEmpty() && error != null ? "\n  " + reason(error) : reasons.toString();
  }

  private static String reason(JsonObject error) {
    String message = JsonShape.text(error, "message", "");
    String details = JsonShape.text(error, "details", "");
    return details.isEmpty() ? message : message + ": " + details;
  }

  private void execute(ValidatedPrompt valid, JsonObject extra) {
    String id = UUID.randomUUID().toString();
    AtomicBoolean over = new AtomicBoolean();
    Thread stopping = new Thread(() -> stopIfWanted(id, over), "kolors4j-workflow-stop");
    stopping.setDaemon(true);
    stopping.start();
    PromptExecution.Outcome outcome;
    try {
      outcome = EXECUTION.run(id, valid.prompt(), extra, valid.outputs(), this);
    } finally {
      over.set(true);
      endNode();
    }
    if (outcome == PromptExecution.Outcome.INTERRUPTED) {
      throw new StoppedException(
          "停下了，停在%s；再运行一次，已经算好的节点不会重算。(Stopped at%s. Run it again: nodes that were done are not computed again.)"
              .formatted(atWork, atWork));
    }
    Failure failed = failure;
    if (outcome == PromptExecution.Outcome.ERROR && failed != null) {
      throw new WorkflowException(
          "节点 #%s %s 出错了 (node #%s %s failed): %s"
              .formatted(
                  failed.node(),
                  failed.nodeType(),
                  failed.node(),
                  failed.nodeType(),
                  failed.message()));
    }
  }

  /** The button is pressed while the thread that runs is within a network. */
  private void stopIfWanted(String id, AtomicBoolean over) {
    try {
      while (!over.get()) {
        if (work.stopRequested()) {
          EXECUTION.interrupt(id);
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WorkflowResult result(double seconds) {
    return new WorkflowResult(pictures, texts, List.copyOf(notices), reused, seconds);
  }

  private void endNode() {
    Work ended = node;
    node = null;
    if (ended != null) {
      ended.close();
    }
  }

  @Override
  public void cached(String promptId, List<String> nodes) {
    reused.addAll(nodes);
    work.advanceTo(nodes.size());
  }

  @Override
  public void executing(String promptId, String id) {
    if (node != null) {
      endNode();
      work.advance();
    }
    String type = JsonShape.text(prompt.getAsJsonObject(id), "class_type", "");
    atWork = " #" + id + " " + type;
    node = Work.begin("#" + id + " " + type, "steps", 0);
  }

  @Override
  public void progress(String promptId, String id, double value, double max) {
    Work now = node;
    if (now != null) {
      now.total(Math.round(max));
      now.advanceTo(Math.round(value));
    }
    if (work.stopRequested()) {
      EXECUTION.interrupt(promptId);
    }
  }

  @Override
  public void preview(String promptId, String id, BufferedImage picture) {
    work.show(picture);
  }

  @Override
  public void text(String promptId, String id, String text) {
    Work now = node;
    if (now != null) {
      now.advanceTo(now.done(), text);
    }
  }

  @Override
  public void notice(String promptId, String id, String text) {
    notices.add(text);
  }

  @Override
  public void executed(String promptId, String id, JsonObject output) {
    if (output.get("images") instanceof JsonArray images) {
      for (JsonElement image : images) {
        Path file = file(image.getAsJsonObject());
        pictures.add(new WorkflowResult.Picture(PictureFile.read(file), file, id));
      }
    }
    if (output.get("text") instanceof JsonArray shown) {
      shown.forEach(text -> texts.add(text.isJsonPrimitive() ? text.getAsString() : "" + text));
    }
  }

  private static Path file(JsonObject image) {
    ComfyFolders folders = CATALOGUE.folders();
    Path folder = folders.ofType(JsonShape.text(image, "type", ""));
    String subfolder = JsonShape.text(image, "subfolder", "");
    String name = JsonShape.text(image, "filename", "");
    return ShownPath.of(
        ComfyFolders.confined(folder, subfolder.isEmpty() ? name : subfolder + "/" + name));
  }

  @Override
  public void success(String promptId) {
    endNode();
    work.advanceTo(work.total());
  }

  @Override
  public void error(String promptId, Failure failed) {
    failure = failed;
  }
}
