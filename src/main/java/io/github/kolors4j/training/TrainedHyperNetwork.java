package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.lora.Dropout;
import io.github.kolors4j.internal.lora.HyperNetworkFile;
import io.github.kolors4j.internal.lora.HyperNetworkWeights;
import io.github.kolors4j.internal.lora.HyperNetworks;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.lora.HyperNetwork;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.nio.file.Path;
import java.util.Map;

/**
 * The hypernetwork of one training.
 *
 * @param place the UNet that it is put on
 * @param dropout at work while a batch is learned from
 */
record TrainedHyperNetwork(HyperNetworkWeights weights, HyperNetworks place, Dropout dropout)
    implements Adapter {
  private static final String NAME = "training";

  @Override
  public Map<String, NDArray> parameters() {
    return weights.parameters();
  }

  @Override
  public TrainedHyperNetwork with(Map<String, NDArray> values) {
    return new TrainedHyperNetwork(weights.with(values), place, dropout);
  }

  @Override
  public void attach() {
    place.attach(NAME, weights, 1, dropout);
  }

  @Override
  public void detach() {
    place.detach(NAME);
  }

  @Override
  public void beginBatch(TorchRandom random) {
    if (weights.structure().drops()) {
      dropout.begin(random.random());
    }
  }

  @Override
  public void endBatch() {
    dropout.end();
  }

  @Override
  public void write(Path checkpoint, long step) {
    HyperNetworkFile.write(checkpoint, weights, step);
  }

  @Override
  public void addTo(KolorsPipeline pipeline) {
    pipeline.add(HyperNetwork.of(weights));
  }
}
