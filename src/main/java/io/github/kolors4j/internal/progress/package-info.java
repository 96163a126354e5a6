/**
 * Long work that says how far it has come and asks whether to stop, wherever it is done.
 *
 * <p>The library begins a {@link io.github.kolors4j.internal.progress.Work} at each step that may
 * take seconds, as Python's libraries begin a tqdm bar. Who watches is not its concern: in a
 * notebook there is a bar with a stop button below the cell, elsewhere nobody unless a program
 * asks.
 */
@NullMarked
package io.github.kolors4j.internal.progress;

import org.jspecify.annotations.NullMarked;
