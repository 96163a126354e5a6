package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Remembers all that a run told. */
final class HeardRun implements ExecutionListener {
  final List<String> events = new ArrayList<>();
  final List<String> executing = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  final Map<String, JsonObject> executed = new LinkedHashMap<>();
  final List<BufferedImage> previews = new ArrayList<>();
  final List<Double> progress = new ArrayList<>();
  List<String> cached = List.of();
  @Nullable Failure failure;
  Consumer<HeardRun> onProgress = heard -> {};

  @Override
  public void start(String promptId) {
    events.add("start");
  }

  @Override
  public void cached(String promptId, List<String> nodes) {
    events.add("cached");
    cached = nodes;
  }

  @Override
  public void executing(String promptId, String node) {
    events.add("executing " + node);
    executing.add(node);
  }

  @Override
  public void progress(String promptId, String node, double value, double max) {
    progress.add(value / max);
    onProgress.accept(this);
  }

  @Override
  public void preview(String promptId, String node, BufferedImage picture) {
    previews.add(picture);
  }

  @Override
  public void text(String promptId, String node, String text) {
    texts.add(text);
  }

  @Override
  public void executed(String promptId, String node, JsonObject output) {
    events.add("executed " + node);
    executed.put(node, output);
  }

  @Override
  public void success(String promptId) {
    events.add("success");
  }

  @Override
  public void error(String promptId, Failure failure) {
    events.add("error " + failure.node());
    this.failure = failure;
  }

  @Override
  public void interrupted(String promptId, String node, String type, List<String> executed) {
    events.add("interrupted " + node);
  }
}
