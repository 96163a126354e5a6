/**
 * How Java is started with the library, on every system: what a kernelspec holds, and what is found
 * out when the notebook's kernel or a command starts.
 */
@NullMarked
package io.github.kolors4j.internal.launch;

import org.jspecify.annotations.NullMarked;
