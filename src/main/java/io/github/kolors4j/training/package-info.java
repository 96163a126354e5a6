/** LoRA training, and the optimiser and schedules that every training here uses. */
@NullMarked
package io.github.kolors4j.training;

import org.jspecify.annotations.NullMarked;
