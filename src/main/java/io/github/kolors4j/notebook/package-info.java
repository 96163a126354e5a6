/**
 * What a person sees in a notebook: pictures, tables, charts, progress and a stop button.
 *
 * <p>The library depends on no Jupyter kernel. At run time it looks for a running one (IJava, or
 * its heir JJava) and talks to its display; outside a notebook the same calls print text and save
 * pictures as files, so that every example runs in a plain {@code main} method too.
 */
@NullMarked
package io.github.kolors4j.notebook;

import org.jspecify.annotations.NullMarked;
