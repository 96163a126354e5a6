/**
 * A workflow as a picture, drawn as ComfyUI's page does in its dark theme, without a browser and
 * without a window.
 */
@NullMarked
package io.github.kolors4j.internal.comfy.drawing;

import org.jspecify.annotations.NullMarked;
