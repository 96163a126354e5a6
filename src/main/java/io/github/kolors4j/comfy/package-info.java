/**
 * ComfyUI's workflows in Java: {@link io.github.kolors4j.comfy.Workflow} reads, changes and writes
 * what ComfyUI's page saves.
 */
@NullMarked
package io.github.kolors4j.comfy;

import org.jspecify.annotations.NullMarked;
