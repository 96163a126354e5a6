/** Trainings of what is added to a model: LoRAs, new words and hypernetworks; and of its UNet. */
@NullMarked
package io.github.kolors4j.training;

import org.jspecify.annotations.NullMarked;
