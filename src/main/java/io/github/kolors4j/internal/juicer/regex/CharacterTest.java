package io.github.kolors4j.internal.juicer.regex;

/** What one character has to be. */
@FunctionalInterface
interface CharacterTest {
  boolean matches(int codePoint);
}
