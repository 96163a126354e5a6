/**
 * Weight files: safetensors, torch's pickles and model folders, read without running anything that
 * is in them and written so that Python reads them.
 */
@NullMarked
package io.github.kolors4j.internal.weights;

import org.jspecify.annotations.NullMarked;
