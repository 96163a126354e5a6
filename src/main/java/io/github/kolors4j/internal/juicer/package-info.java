/**
 * What a recipe and its operators share: samples, parameters, the four kinds of operators, YAML.
 */
@NullMarked
package io.github.kolors4j.internal.juicer;

import org.jspecify.annotations.NullMarked;
