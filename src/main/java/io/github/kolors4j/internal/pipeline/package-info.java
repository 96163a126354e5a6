/**
 * What is written of a model: LoRAs merged into its weights, a network in another program's layout,
 * latents. Internal: it may change in any version.
 */
@NullMarked
package io.github.kolors4j.internal.pipeline;

import org.jspecify.annotations.NullMarked;
