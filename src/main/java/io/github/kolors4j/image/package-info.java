/**
 * Pictures: reading and writing files, cropping and fitting, grids with captions, and what shows
 * itself as a picture.
 */
@NullMarked
package io.github.kolors4j.image;

import org.jspecify.annotations.NullMarked;
