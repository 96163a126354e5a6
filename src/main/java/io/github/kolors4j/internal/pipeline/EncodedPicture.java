package io.github.kolors4j.internal.pipeline;

import java.util.Optional;

/**
 * What an autoencoder makes of a picture: a normal distribution for each latent, unscaled.
 *
 * @param mean in row-major order
 * @param deviation likewise; empty where the latents are known, so that nothing is drawn
 */
public record EncodedPicture(float[] mean, Optional<float[]> deviation) {}
