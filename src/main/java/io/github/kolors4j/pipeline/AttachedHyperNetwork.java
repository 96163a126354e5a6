package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.Dropout;
import io.github.kolors4j.internal.lora.HyperNetworkWeights;
import io.github.kolors4j.internal.lora.HyperNetworks;

/**
 * A hypernetwork at work.
 *
 * @param name by which the UNet knows it
 * @param memory the owner of what was read from a file
 */
record AttachedHyperNetwork(
    String name, HyperNetworkWeights weights, double strength, NDManager memory) {

  /**
   * Adds it to a UNet.
   *
   * @throws io.github.kolors4j.lora.LoraException if it does not fit
   */
  void attach(HyperNetworks network) {
    network.attach(name, weights, strength, new Dropout());
  }

  /** Name and strength, for the pictures' text. */
  String text() {
    return "hypernetwork %s, strength %s".formatted(name, strength);
  }
}
