/** Training of kolors-mini from nothing: autoencoder, text encoder and UNet. */
package io.github.kolors4j.training.scratch;
