/**
 * Pictures: decoding and encoding files, resizing as Pillow does, grids, and the way to tensors and
 * back.
 */
@NullMarked
package io.github.kolors4j.image;

import org.jspecify.annotations.NullMarked;
