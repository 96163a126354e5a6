/**
 * Downloads from ModelScope and Hugging Face: {@link io.github.kolors4j.hub.Hub} is where to begin.
 *
 * <p>A file is received in the model's folder below {@code .kolors4j}, checked in length and
 * checksum, and only then moved into place. What interrupts a download loses nothing: the next one
 * goes on where it ended. What is here is the file that was downloaded if size and time say so,
 * else if its checksum does.
 */
@NullMarked
package io.github.kolors4j.hub;

import org.jspecify.annotations.NullMarked;
