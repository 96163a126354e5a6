/**
 * What stands behind ComfyUI's workflows: their JSON, their conversion and their validation, and
 * how they are run: order, kept results, models and files.
 */
@NullMarked
package io.github.kolors4j.internal.comfy;

import org.jspecify.annotations.NullMarked;
