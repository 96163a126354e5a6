/**
 * What the theory notebooks are made of: the course's ideas in small, on points in the plane and
 * inside kolors-mini, with the same samplers and networks as the pictures.
 */
@NullMarked
package io.github.kolors4j.concepts;

import org.jspecify.annotations.NullMarked;
