/**
 * The server that ComfyUI's page talks to: HTTP and WebSocket, the queue and the history on disk.
 * {@link io.github.kolors4j.internal.comfy.server.RunningServer} puts the parts together; only
 * {@code JettyServer}, {@code ClientSocket} and {@code UploadForm} know the HTTP library.
 */
@NullMarked
package io.github.kolors4j.internal.comfy.server;

import org.jspecify.annotations.NullMarked;
