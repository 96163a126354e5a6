/** LoRA training, and the optimiser and schedules that every training here uses. */
package io.github.kolors4j.training;
