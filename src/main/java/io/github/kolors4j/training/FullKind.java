package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.Map;

/** All weights of the UNet itself. */
record FullKind() implements AdapterKind {

  @Override
  public boolean throughTextEncoder(TrainingOptions options) {
    return false;
  }

  @Override
  public Map<String, Object> hyperparameters(Map<String, Object> options) {
    Map<String, Object> values = LoraKind.withoutItsOwn(options);
    values.put("train", "unet");
    return values;
  }

  @Override
  public long requireFit(ModelFolder model, UNetNames names, TrainingOptions options) {
    if (options.get(EMA_DECAY) > 0 || !options.get(PRECISION).equals("32")) {
      throw new TrainingException(
          "A training of the whole UNet keeps no moving average and computes in float32: leave"
              + " emaDecay at 0 and precision at \"32\".");
    }
    try (TensorFile file = WeightFolder.openPath(model.unet())) {
      return file.names().stream().mapToLong(name -> file.info(name).elements()).sum();
    }
  }

  @Override
  public String ending() {
    return ".safetensors";
  }

  @Override
  public TrainedUNet make(
      AdaptedNetworks networks, PreparedTraining prepared, TorchRandom random, NDManager manager) {
    Map<String, NDArray> weights = networks.unet().weights().tensors();
    weights.forEach(
        (name, weight) -> {
          if (weight.getDataType() != DataType.FLOAT32) {
            throw new TrainingException(
                "The UNet's weights do not fit into memory in float32 (%s is %s), but all of them are to learn: train a LoRA."
                    .formatted(name, weight.getDataType()));
          }
        });
    return new TrainedUNet(weights);
  }
}
