/** The command {@code kolors4j}: what the library does, from a terminal. */
package io.github.kolors4j.cli;
