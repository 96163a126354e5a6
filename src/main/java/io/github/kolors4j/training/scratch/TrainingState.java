package io.github.kolors4j.training.scratch;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.training.MovingAverage;
import java.util.Map;

/** What a training from scratch carries beside parameters and optimiser: the averaged weights. */
record TrainingState(MovingAverage moving) implements AutoCloseable {
  void average(long step) {
    moving.update(step);
  }

  Map<String, NDArray> averages() {
    return moving.averages();
  }

  @Override
  public void close() {
    moving.close();
  }
}
