/**
 * Data-juicer's recipes in Java: a YAML file names operators, samples go through them, and every
 * rejection is kept with its reason.
 */
@NullMarked
package io.github.kolors4j.juicer;

import org.jspecify.annotations.NullMarked;
