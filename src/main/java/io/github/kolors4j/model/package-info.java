/** The networks of Kolors, one a file: ChatGLM3 with its tokenizer, the UNet and the VAE. */
package io.github.kolors4j.model;
