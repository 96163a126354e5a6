/** How files of captions and tables are read, for sets of pictures and recipes alike. */
@NullMarked
package io.github.kolors4j.internal.dataset;

import org.jspecify.annotations.NullMarked;
