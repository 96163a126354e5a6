/**
 * Data-juicer's recipes in Java: a YAML file names operators, samples go through them, and every
 * rejection is kept with its reason.
 */
package io.github.kolors4j.juicer;
