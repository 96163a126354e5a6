package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.pipeline.ModelFolder;

/**
 * What {@code VAE} is: an autoencoder that is loaded when it is used.
 *
 * @param folder the model whose autoencoder it is
 * @param standIn whether it was taken in place of one that is not on this computer
 */
public record VaeModel(ModelFolder folder, boolean standIn) {}
