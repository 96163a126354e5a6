/**
 * Python's regular expressions, as recipes have them: the grammar and the matching of {@code re}.
 */
package io.github.kolors4j.juicer.regex;
