/**
 * Python's regular expressions, as recipes have them: the grammar and the matching of {@code re}.
 */
@NullMarked
package io.github.kolors4j.internal.juicer.regex;

import org.jspecify.annotations.NullMarked;
