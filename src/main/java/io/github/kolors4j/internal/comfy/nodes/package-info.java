/** The nodes that come with the library, one a class, named as ComfyUI names them. */
@NullMarked
package io.github.kolors4j.internal.comfy.nodes;

import org.jspecify.annotations.NullMarked;
