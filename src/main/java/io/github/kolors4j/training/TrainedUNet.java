package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.nio.file.Path;
import java.util.Map;

/**
 * The UNet that is trained itself. There is nothing to put on or take off.
 *
 * @param parameters its weights by published name, live
 */
record TrainedUNet(Map<String, NDArray> parameters) implements Adapter {

  @Override
  public TrainedUNet with(Map<String, NDArray> values) {
    return new TrainedUNet(values);
  }

  @Override
  public void attach() {}

  @Override
  public void detach() {}

  @Override
  public void write(Path checkpoint, long step) {
    SafetensorsWriter.write(checkpoint, parameters, Map.of("format", "pt"), DataType.FLOAT16);
  }

  @Override
  public void addTo(KolorsPipeline pipeline) {
    try (Gradients off = Gradients.disable()) {
      Optimizer.copy(parameters, pipeline.unet().weights().tensors());
    }
  }
}
