/** The operators, one class each, with data-juicer's names, parameters, defaults and semantics. */
@NullMarked
package io.github.kolors4j.internal.juicer.operators;

import org.jspecify.annotations.NullMarked;
