package io.github.kolors4j.internal.juicer.regex;

import java.util.Map;
import java.util.function.Function;

/** {@code re.sub}, prepared: every match in a text is replaced. */
public final class Substitution {
  private final Function<int[], Search> search;
  private final Template template;

  private Substitution(Function<int[], Search> search, Template template) {
    this.search = search;
    this.template = template;
  }

  /**
   * Replaces what a search finds.
   *
   * @param search given the characters of a text
   * @param groups how many groups a match has, besides the whole, and their names
   * @throws PatternException with Python's message, if the replacement cannot be made of them
   */
  public static Substitution of(
      Function<int[], Search> search, int groups, Map<String, Integer> names, String replacement) {
    return new Substitution(search, new Template(replacement, names, groups));
  }

  /**
   * The text with every match replaced; where one is empty, as in Python after another match, too.
   *
   * @throws EndlessMatchException if that takes too long or too much memory
   */
  public String apply(String text) {
    int[] characters = text.codePoints().toArray();
    Search match = search.apply(characters);
    StringBuilder replaced = new StringBuilder();
    int copied = 0;
    boolean empty = false;
    while (match.find(copied, empty)) {
      int start = match.start(0);
      replaced.append(new String(characters, copied, start - copied));
      template.append(replaced, characters, match);
      copied = match.end(0);
      empty = copied == start;
    }
    return replaced.append(new String(characters, copied, characters.length - copied)).toString();
  }
}
