/** What stands behind ComfyUI's workflows: their JSON, their conversion and their validation. */
@NullMarked
package io.github.kolors4j.internal.comfy;

import org.jspecify.annotations.NullMarked;
