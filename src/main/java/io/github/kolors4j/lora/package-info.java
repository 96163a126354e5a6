/**
 * Low-rank adapters (LoRA, arXiv:2106.09685) for the UNet, and the files that they are exchanged
 * in.
 */
package io.github.kolors4j.lora;
