/**
 * Charts of what a data set holds: a chart is one factory call that returns it, and nothing opens a
 * window. Labels are in Chinese and English, in the font that ships with the library.
 */
@NullMarked
package io.github.kolors4j.charts;

import org.jspecify.annotations.NullMarked;
