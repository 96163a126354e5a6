package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.comfy.NodeContext;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.progress.WorkWatcher;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of one node: what it tells goes to the run's listener. */
final class NodeRun implements NodeContext, WorkWatcher {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

  /**
   * What all nodes of a run share.
   *
   * @param stop whether a person wants it to end
   */
  record Surroundings(
      String promptId,
      JsonObject prompt,
      JsonObject extraPngInfo,
      ComfyFolders folders,
      ModelShelf models,
      ExecutionListener listener,
      BooleanSupplier stop) {}

  private final String nodeId;
  private final Surroundings around;
  private final JsonObject shown = new JsonObject();
  private final Set<String> said = new HashSet<>();

  NodeRun(String nodeId, Surroundings around) {
    this.nodeId = nodeId;
    this.around = around;
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public void progress(double value, double max) {
    checkStopped();
    around.listener.progress(around.promptId, nodeId, value, max);
  }

  @Override
  public void preview(BufferedImage picture) {
    around.listener.preview(around.promptId, nodeId, picture);
  }

  @Override
  public void say(String text) {
    if (!said.add(text)) {
      return; // once for a batch
    }
    LOG.info("#{}: {}", nodeId, text);
    around.listener.notice(around.promptId, nodeId, text);
  }

  @Override
  public void checkStopped() {
    if (stopRequested()) {
      throw new StoppedException("The run was interrupted at node #%s.".formatted(nodeId));
    }
  }

  @Override
  public boolean stopRequested() {
    return around.stop.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  /** Long work that is not counted in steps: a network is being loaded. */
  @Override
  public void began(Work work) {
    if (work.total() == 0) {
      around.listener.activity(around.promptId, nodeId, "loading");
    }
  }

  @Override
  public void ended(Work work) {
    if (work.total() == 0) {
      around.listener.activity(around.promptId, nodeId, "");
    }
  }

  @Override
  public void show(String key, JsonArray values) {
    if (shown.has(key)) {
      shown.getAsJsonArray(key).addAll(values);
    } else {
      shown.add(key, values);
    }
  }

  JsonObject shown() {
    return shown;
  }

  @Override
  public JsonObject prompt() {
    return around.prompt;
  }

  @Override
  public JsonObject extraPngInfo() {
    return around.extraPngInfo;
  }

  @Override
  public ComfyFolders folders() {
    return around.folders;
  }

  @Override
  public ModelShelf models() {
    return around.models;
  }
}
