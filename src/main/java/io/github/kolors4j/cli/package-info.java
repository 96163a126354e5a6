/** The command {@code kolors4j}: what the library does, from a terminal. */
@NullMarked
package io.github.kolors4j.cli;

import org.jspecify.annotations.NullMarked;
