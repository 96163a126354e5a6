/**
 * What is added to a model that stays as it is: low-rank adapters (LoRA, arXiv:2106.09685; DoRA,
 * arXiv:2402.09353) for UNet and text encoder, new words (textual inversion, arXiv:2208.01618),
 * hypernetworks, and the files that they are exchanged in.
 */
@NullMarked
package io.github.kolors4j.lora;

import org.jspecify.annotations.NullMarked;
