/** Training of kolors-mini from nothing: autoencoder, text encoder and UNet. */
@NullMarked
package io.github.kolors4j.training.scratch;

import org.jspecify.annotations.NullMarked;
