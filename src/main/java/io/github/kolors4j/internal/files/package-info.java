/** Files that are written whole or not at all, and the room for them. */
@NullMarked
package io.github.kolors4j.internal.files;

import org.jspecify.annotations.NullMarked;
