/**
 * Whether a model's pictures show what their prompts ask for: a small classifier of avatars,
 * trained on renderings whose attributes are known, and the tables that it fills.
 */
@NullMarked
package io.github.kolors4j.training.evaluation;

import org.jspecify.annotations.NullMarked;
