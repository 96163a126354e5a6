package io.github.kolors4j.notebook;

import io.github.kolors4j.charts.Charts;
import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.training.FullTraining;
import io.github.kolors4j.training.HyperNetworkTraining;
import io.github.kolors4j.training.LoraRun;
import io.github.kolors4j.training.LoraTraining;
import io.github.kolors4j.training.TextualInversionTraining;
import io.github.kolors4j.training.TrainingListener;
import io.github.kolors4j.training.TrainingProgress;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A training before one's eyes: a stop button and the progress of each of its parts, the loss
 * chart, and the newest sample pictures below the cell.
 *
 * <pre>{@code
 * var run = LiveTraining.run(LoraTraining.on(models).dataset(folder).maxEpochs(1));
 * }</pre>
 *
 * <p>The chart is redrawn every two seconds at most, so that watching costs the training little.
 * Outside a notebook the progress is printed now and then.
 */
public final class LiveTraining implements TrainingListener {
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(2);
  private static final int SAMPLES_SHOWN = 4;

  private final LiveDisplay display = new LiveDisplay();
  private final List<String> notices = new ArrayList<>();
  private final TreeMap<Long, Double> losses = new TreeMap<>();
  private final TreeMap<Long, Double> validationLosses = new TreeMap<>();
  private final TreeMap<Long, BufferedImage> samples = new TreeMap<>();
  private long drawnAt = Long.MIN_VALUE;

  LiveTraining() {}

  /**
   * Trains while the cell shows how it goes. The stop button, like the notebook's own interrupt,
   * ends the training after its step; what was trained until then is the result.
   *
   * @param training its listener is replaced
   * @throws io.github.kolors4j.StoppedException if it was stopped before its first step
   * @throws RuntimeException what {@link LoraTraining#train} throws
   */
  public static LoraRun run(LoraTraining training) {
    return run(live -> training.listener(live).train());
  }

  /** {@link #run(LoraTraining)} for a new word. */
  public static LoraRun run(TextualInversionTraining training) {
    return run(live -> training.listener(live).train());
  }

  /** {@link #run(LoraTraining)} for a hypernetwork. */
  public static LoraRun run(HyperNetworkTraining training) {
    return run(live -> training.listener(live).train());
  }

  /** {@link #run(LoraTraining)} for a whole UNet. */
  public static LoraRun run(FullTraining training) {
    return run(live -> training.listener(live).train());
  }

  private static LoraRun run(Function<TrainingListener, LoraRun> training) {
    LiveTraining live = new LiveTraining();
    try {
      return Work.watchedBy(new LiveWork(Duration.ZERO), () -> training.apply(live));
    } finally {
      live.draw();
    }
  }

  @Override
  public void notice(String message) {
    notices.add(message);
    drawIfDue();
  }

  @Override
  public void step(TrainingProgress made) {
    losses.put(made.step(), made.loss());
    drawIfDue();
  }

  @Override
  public void validation(long step, double loss) {
    validationLosses.put(step, loss);
  }

  @Override
  public void sample(long step, BufferedImage picture) {
    samples.put(step, picture);
    drawIfDue();
  }

  private void drawIfDue() {
    long now = System.nanoTime();
    if (drawnAt == Long.MIN_VALUE || now - drawnAt >= LEAST_PAUSE.toNanos()) {
      draw();
      drawnAt = System.nanoTime(); // drawing itself is not part of the pause
    }
  }

  private void draw() {
    if (!losses.isEmpty() || !samples.isEmpty() || !notices.isEmpty()) {
      display.show(content());
    }
  }

  /** What is shown now. */
  Html content() {
    List<Object> parts = new ArrayList<>(notices);
    if (!losses.isEmpty()) {
      parts.add(
          Charts.loss(
              steps(losses), values(losses), steps(validationLosses), values(validationLosses)));
    }
    if (!samples.isEmpty()) {
      parts.add(sampleRow());
    }
    return Html.column(parts.toArray());
  }

  /** The first sample, before any training, and the newest ones, so that the way is seen. */
  private BufferedImage sampleRow() {
    List<Long> shown = new ArrayList<>(samples.keySet());
    while (shown.size() > SAMPLES_SHOWN) {
      shown.remove(1);
    }
    return PictureGrid.of(shown.stream().map(samples::get).toList(), 1, shown.size())
        .captions(shown.stream().map(LiveTraining::caption).toList())
        .cellSize(192, 192)
        .render();
  }

  private static String caption(long step) {
    return step == 0 ? "训练前 (before)" : "第 " + step + " 步 (step " + step + ")";
  }

  private static double[] steps(TreeMap<Long, Double> values) {
    return values.keySet().stream().mapToDouble(Long::doubleValue).toArray();
  }

  private static double[] values(TreeMap<Long, Double> values) {
    return values.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
