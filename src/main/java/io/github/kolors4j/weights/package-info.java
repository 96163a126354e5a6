/**
 * Weight files: safetensors, torch's pickles and model folders, read without running anything that
 * is in them and written so that Python reads them.
 */
package io.github.kolors4j.weights;
