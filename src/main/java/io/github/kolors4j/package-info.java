/** Text-to-image diffusion and LoRA fine-tuning for Java notebooks. */
package io.github.kolors4j;
