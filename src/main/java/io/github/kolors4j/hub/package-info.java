/**
 * Downloads from ModelScope and Hugging Face: {@link io.github.kolors4j.hub.Hub} is where to begin.
 *
 * <p>A file is received beside its place as {@code NAME.part}, checked in length and checksum, and
 * only then moved into place. What interrupts a download loses nothing: the next one goes on where
 * it ended.
 */
package io.github.kolors4j.hub;
