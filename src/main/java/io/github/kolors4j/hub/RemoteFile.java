package io.github.kolors4j.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file as a hub lists it.
 *
 * @param path in the repository, with forward slashes; checked by {@link SafePath}
 * @param size in bytes
 * @param checksum of the content, or null if the hub names none
 * @param uri where to get it
 */
record RemoteFile(String path, long size, @Nullable Checksum checksum, URI uri) {}
