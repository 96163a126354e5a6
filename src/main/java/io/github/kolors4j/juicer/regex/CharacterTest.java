package io.github.kolors4j.juicer.regex;

/** What one character has to be. */
@FunctionalInterface
interface CharacterTest {
  boolean matches(int codePoint);
}
