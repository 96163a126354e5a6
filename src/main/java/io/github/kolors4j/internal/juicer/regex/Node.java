package io.github.kolors4j.internal.juicer.regex;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a parsed expression. */
sealed interface Node {
  /** More than any text is long: no upper bound. */
  long UNBOUNDED = 4_294_967_295L;

  /** The width of what has no upper bound. */
  long WIDEST = 1L << 62;

  /** The fewest and the most characters that it matches. */
  Width width();

  /** A range of characters. */
  record Width(long fewest, long most) {
    static final Width NONE = new Width(0, 0);
    static final Width ONE = new Width(1, 1);

    Width plus(Width other) {
      return new Width(sum(fewest, other.fewest), sum(most, other.most));
    }

    Width or(Width other) {
      return new Width(Math.min(fewest, other.fewest), Math.max(most, other.most));
    }

    private static long sum(long a, long b) {
      return Math.min(WIDEST, a + b);
    }

    static long product(long a, long b) {
      return a != 0 && b > WIDEST / a ? WIDEST : a * b;
    }
  }

  /** A character that takes one place, whatever it is tested for. */
  sealed interface Unit extends Node {
    @Override
    default Width width() {
      return Width.ONE;
    }
  }

  /** A character. */
  record Literal(int codePoint) implements Unit {}

  /** Any but this character. */
  record NotLiteral(int codePoint) implements Unit {}

  /** The dot. */
  record Any() implements Unit {}

  /** Brackets, or one of {@code \d \s \w}. */
  record CharacterClass(boolean negated, List<Item> items) implements Unit {}

  /** What brackets list. */
  sealed interface Item {}

  /** From one character to another. */
  record Range(int first, int last) implements Item {}

  /** {@code \d, \s, \w}, or {@code \D, \S, \W}, or a property of Unicode (null for the others). */
  record Category(char letter, boolean negated, @Nullable String property) implements Item {
    Category(char letter, boolean negated) {
      this(letter, negated, null);
    }
  }

  /** A place between characters. */
  enum At implements Node {
    BEGINNING,
    END,
    BEGINNING_OF_TEXT,
    END_OF_TEXT,
    BOUNDARY,
    NO_BOUNDARY;

    @Override
    public Width width() {
      return Width.NONE;
    }
  }

  /** One after the other. */
  record Sequence(List<Node> nodes) implements Node {
    Sequence() {
      this(new ArrayList<>());
    }

    @Override
    public Width width() {
      Width width = Width.NONE;
      for (Node node : nodes) {
        width = width.plus(node.width());
      }
      return width;
    }
  }

  /** One or another. */
  record Branch(List<Sequence> choices) implements Node {
    @Override
    public Width width() {
      return choices.stream().map(Sequence::width).reduce(Width::or).orElse(Width.NONE);
    }
  }

  /** A group, with a number if it captures; otherwise 0. */
  record Group(int number, int added, int removed, Sequence body) implements Node {
    boolean isPlain() {
      return number == 0 && added == 0 && removed == 0;
    }

    @Override
    public Width width() {
      return body.width();
    }
  }

  /** What is not tried in another way once it has matched. */
  record Atomic(Sequence body) implements Node {
    @Override
    public Width width() {
      return body.width();
    }
  }

  /** What has to follow or precede, or must not. */
  record Look(boolean behind, boolean negative, Sequence body) implements Node {
    @Override
    public Width width() {
      return Width.NONE;
    }
  }

  /** How a repetition takes and gives back. */
  enum Greed {
    GREEDY,
    LAZY,
    POSSESSIVE
  }

  /** Something several times. */
  record Repeat(long least, long most, Greed greed, Sequence body) implements Node {
    @Override
    public Width width() {
      Width width = body.width();
      return new Width(
          Width.product(width.fewest, least),
          most == UNBOUNDED && width.most > 0 ? WIDEST : Width.product(width.most, most));
    }
  }

  /** What a group has matched; {@code width} is the group's. */
  record Reference(int group, Width width) implements Node {}

  /** One thing if a group has matched, and another (or nothing, null) if not. */
  record Conditional(int group, Sequence yes, @Nullable Sequence no) implements Node {
    @Override
    public Width width() {
      return yes.width().or(no == null ? Width.NONE : no.width());
    }
  }
}
