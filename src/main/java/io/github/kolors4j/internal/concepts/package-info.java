/** What stands behind the theory's pictures: how the plane is drawn. */
@NullMarked
package io.github.kolors4j.internal.concepts;

import org.jspecify.annotations.NullMarked;
