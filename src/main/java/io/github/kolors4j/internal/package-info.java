/** What every room may use; below it, a room's own parts that others share. Not for users. */
@NullMarked
package io.github.kolors4j.internal;

import org.jspecify.annotations.NullMarked;
