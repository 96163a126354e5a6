/**
 * ComfyUI's graphs in Java: {@link io.github.kolors4j.comfy.Workflow} reads, changes and writes
 * what ComfyUI's page saves, and a {@link io.github.kolors4j.comfy.Node} is what graphs are made
 * of.
 */
@NullMarked
package io.github.kolors4j.comfy;

import org.jspecify.annotations.NullMarked;
