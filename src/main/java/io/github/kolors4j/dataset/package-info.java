/** Captioned pictures: loading, looking at them, exporting them for training, statistics tables. */
package io.github.kolors4j.dataset;
