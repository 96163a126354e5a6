/** LoRA training. */
@NullMarked
package io.github.kolors4j.training;

import org.jspecify.annotations.NullMarked;
