/** Captioned pictures: loading, looking at them, exporting them for training, statistics tables. */
@NullMarked
package io.github.kolors4j.dataset;

import org.jspecify.annotations.NullMarked;
