package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.nio.file.Path;
import java.util.Map;

/** What a training makes: arrays that learn, beside a model that stays as it is. */
interface Adapter {

  /** What learns, by name, as an optimizer takes it: live, not copies. */
  Map<String, NDArray> parameters();

  /** The same with other arrays, under the names of {@link #parameters()}. */
  Adapter with(Map<String, NDArray> values);

  /** Puts it onto the networks that are trained, where none of its kind is. */
  void attach();

  /** Takes it off again. */
  void detach();

  /** Called before a batch is learned from. */
  default void beginBatch(TorchRandom random) {}

  /** Called after a batch was learned from. */
  default void endBatch() {}

  /**
   * Writes it aside and moves the file into place.
   *
   * @param step how many steps were made
   */
  void write(Path checkpoint, long step);

  /** Adds it, as it is then, to a pipeline of its own. */
  void addTo(KolorsPipeline pipeline);
}
