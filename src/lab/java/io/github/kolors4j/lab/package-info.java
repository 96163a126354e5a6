/**
 * What makes and judges kolors-mini, the small model that ships: no part of the library, and not in
 * its jar. {@code environment/mini} starts it.
 */
@NullMarked
package io.github.kolors4j.lab;

import org.jspecify.annotations.NullMarked;
