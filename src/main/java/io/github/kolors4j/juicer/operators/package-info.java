/** The operators, one class each, with data-juicer's names, parameters, defaults and semantics. */
package io.github.kolors4j.juicer.operators;
