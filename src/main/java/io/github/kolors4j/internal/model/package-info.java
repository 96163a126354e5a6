/** The networks of Kolors, one a file: ChatGLM3 with its tokenizer, the UNet and the VAE. */
@NullMarked
package io.github.kolors4j.internal.model;

import org.jspecify.annotations.NullMarked;
