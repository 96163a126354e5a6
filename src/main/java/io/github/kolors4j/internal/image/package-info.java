/**
 * What pictures are made of: a decoder for each format, encoders, resizing as Pillow does it, the
 * way to tensors and back, and the font of captions.
 */
@NullMarked
package io.github.kolors4j.internal.image;

import org.jspecify.annotations.NullMarked;
