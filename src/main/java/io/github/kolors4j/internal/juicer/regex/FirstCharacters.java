package io.github.kolors4j.internal.juicer.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What a match can begin with, so that places where none can begin are passed over quickly. */
final class FirstCharacters {
  private final BiFunction<Node.Unit, Integer, CharacterTest> tests;

  FirstCharacters(BiFunction<Node.Unit, Integer, CharacterTest> tests) {
    this.tests = tests;
  }

  /**
   * A test that the first character of every match passes, or null if none is known. As in Python,
   * a class in brackets that is all that comes first is looked for with the flags of the whole:
   * {@code (?a:\\W)} finds no letter of another script.
   */
  @Nullable CharacterTest ofWhole(Node.Sequence pattern, int flags) {
    Node first = pattern.nodes().isEmpty() ? null : pattern.nodes().get(0);
    int inner = flags;
    while (first instanceof Node.Group group && !group.body().nodes().isEmpty()) {
      inner = Flags.combine(inner, group.added(), group.removed());
      first = group.body().nodes().get(0);
    }
    CharacterTest test = of(pattern, flags);
    boolean otherTables = ((flags ^ inner) & Flags.ASCII) != 0;
    if (test == null || !otherTables || !(first instanceof Node.CharacterClass characters)) {
      return test;
    }
    boolean ignoresCase = (inner & Flags.IGNORECASE) != 0;
    if (ignoresCase && characters.items().stream().anyMatch(Node.Range.class::isInstance)) {
      return test;
    }
    CharacterTest looked = tests.apply(characters, flags & ~Flags.IGNORECASE);
    return c -> looked.matches(c) && test.matches(c);
  }

  /** Same, of a part and with its flags. */
  private @Nullable CharacterTest of(Node.Sequence sequence, int flags) {
    for (Node node : sequence.nodes()) {
      // What takes no place does not matter for what comes first.
      if (node instanceof Node.At || node instanceof Node.Look) {
        continue;
      }
      return of(node, flags);
    }
    return null;
  }

  private @Nullable CharacterTest of(Node node, int flags) {
    if (node instanceof Node.Unit unit) {
      return tests.apply(unit, flags);
    }
    if (node.width().fewest() == 0) {
      return null;
    }
    if (node instanceof Node.Group group) {
      return of(group.body(), Flags.combine(flags, group.added(), group.removed()));
    }
    if (node instanceof Node.Atomic atomic) {
      return of(atomic.body(), flags);
    }
    if (node instanceof Node.Repeat repeat) {
      return of(repeat.body(), flags);
    }
    if (node instanceof Node.Branch branch) {
      List<CharacterTest> all = new ArrayList<>();
      for (Node.Sequence choice : branch.choices()) {
        CharacterTest test = of(choice, flags);
        if (test == null) {
          return null;
        }
        all.add(test);
      }
      return c -> all.stream().anyMatch(test -> test.matches(c));
    }
    return null;
  }

  /** Whether a match can begin at the text's beginning only. */
  static boolean isAnchored(Node.Sequence pattern, int flags) {
    if (pattern.nodes().isEmpty()) {
      return false;
    }
    Node first = pattern.nodes().get(0);
    return first == Node.At.BEGINNING_OF_TEXT
        || first == Node.At.BEGINNING && (flags & Flags.MULTILINE) == 0;
  }

  /**
   * Whether the expression begins with at least one character of a kind, and as many as there are.
   * If it does not match from the first of a run of them, with whatever part of the run, then what
   * follows has failed at every place of the run, and it need not be tried from the second.
   */
  static boolean beginsWithRun(Node.Sequence pattern) {
    for (Node node : pattern.nodes()) {
      if (node instanceof Node.At) {
        continue;
      }
      if (node instanceof Node.Group group) {
        return beginsWithRun(group.body());
      }
      return node instanceof Node.Repeat repeat
          && repeat.least() >= 1
          && repeat.most() == Node.UNBOUNDED
          && repeat.body().nodes().size() == 1
          && repeat.body().nodes().get(0) instanceof Node.Unit;
    }
    return false;
  }
}
