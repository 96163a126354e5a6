/** Text-to-image diffusion and LoRA fine-tuning for Java notebooks. */
@NullMarked
package io.github.kolors4j;

import org.jspecify.annotations.NullMarked;
