/**
 * Prompt to picture, and picture to picture: {@link io.github.kolors4j.pipeline.KolorsPipeline},
 * the folder of a model that it is loaded from, and the prompt that it is given.
 */
@NullMarked
package io.github.kolors4j.pipeline;

import org.jspecify.annotations.NullMarked;
