package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.internal.PythonRepr;
import io.github.kolors4j.internal.juicer.regex.Node.At;
import io.github.kolors4j.internal.juicer.regex.Node.Greed;
import io.github.kolors4j.internal.juicer.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses an expression as Python 3.11 does, and refuses what Python refuses, for the same reason at
 * the same place.
 */
final class PatternParser {
  private static final String SPECIAL = ".\\[{()*+?^$|";

  /** Python's own limit of recursion stops it a little later. */
  private static final int DEEPEST = 200;

  private final PatternReader reader;
  private final Groups groups = new Groups();
  private final EscapeParser escapes;
  private final PatternDialect dialect;
  private int flags;

  PatternParser(String pattern, int flags, PatternDialect dialect) {
    this.reader = new PatternReader(pattern);
    this.flags = flags;
    this.dialect = dialect;
    this.escapes = new EscapeParser(reader, groups, dialect);
  }

  /** The groups, once {@link #parse} is done. */
  Groups groups() {
    return groups;
  }

  /** The flags that hold for the whole, once {@link #parse} is done. */
  int flags() {
    return flags;
  }

  Sequence parse() {
    Sequence sequence = alternatives((flags & Flags.VERBOSE) != 0, 0);
    if ((flags & Flags.ASCII) == 0) {
      flags |= Flags.UNICODE;
    } else if ((flags & Flags.UNICODE) != 0) {
      throw new PatternException("ASCII and UNICODE flags are incompatible");
    }
    if (reader.next() != null) {
      throw reader.error("unbalanced parenthesis");
    }
    groups.requireAllThere(reader);
    return sequence;
  }

  private Sequence alternatives(boolean outerVerbose, int depth) {
    if (depth > DEEPEST) {
      throw new PatternException("maximum recursion depth exceeded: too many brackets in brackets");
    }
    boolean verbose = outerVerbose;
    List<Sequence> choices = new ArrayList<>();
    do {
      choices.add(sequence(verbose, depth, depth == 0 && choices.isEmpty()));
      verbose = depth == 0 ? (flags & Flags.VERBOSE) != 0 : verbose;
    } while (reader.match("|"));
    if (choices.size() == 1) {
      return choices.get(0);
    }
    Sequence whole = new Sequence();
    Node.CharacterClass characters = characters(choices);
    whole.nodes().add(characters == null ? new Node.Branch(choices) : characters);
    return whole;
  }

  /** Single characters to choose from as one class, or null: it is faster, and the same. */
  private static Node.@Nullable CharacterClass characters(List<Sequence> choices) {
    Set<Node.Item> items = new LinkedHashSet<>();
    for (Sequence choice : choices) {
      if (choice.nodes().size() != 1) {
        return null;
      }
      Node only = choice.nodes().get(0);
      if (only instanceof Node.Literal literal) {
        items.add(new Node.Range(literal.codePoint(), literal.codePoint()));
      } else if (only instanceof Node.CharacterClass inner && !inner.negated()) {
        items.addAll(inner.items());
      } else {
        return null;
      }
    }
    return new Node.CharacterClass(false, List.copyOf(items));
  }

  private Sequence sequence(boolean outerVerbose, int depth, boolean first) {
    boolean verbose = outerVerbose;
    Sequence sequence = new Sequence();
    List<Node> nodes = sequence.nodes();
    while (reader.next() != null && !reader.isNext("|") && !reader.isNext(")")) {
      String token = reader.take();
      if (verbose && isSkipped(token)) {
        continue;
      }
      if (token.charAt(0) == '\\') {
        nodes.add(escapes.outside(token));
      } else if (SPECIAL.indexOf(token.charAt(0)) < 0) {
        nodes.add(new Node.Literal(token.codePointAt(0)));
      } else {
        switch (token) {
          case "[" -> nodes.add(characterClass());
          case "." -> nodes.add(new Node.Any());
          case "^" -> nodes.add(At.BEGINNING);
          case "$" -> nodes.add(At.END);
          case "(" -> {
            Node group = group(verbose, depth, first && nodes.isEmpty());
            if (group == null) {
              verbose = depth == 0 ? (flags & Flags.VERBOSE) != 0 : verbose;
            } else {
              nodes.add(group);
            }
          }
          default -> repeat(token, nodes);
        }
      }
    }
    unpack(nodes);
    return sequence;
  }

  /** Blanks and comments, where the flag x holds. */
  private boolean isSkipped(String token) {
    if (" \t\n\r\u000b\f".contains(token)) {
      return true;
    }
    if (!token.equals("#")) {
      return false;
    }
    String skipped = reader.get();
    while (skipped != null && !skipped.equals("\n")) {
      skipped = reader.get();
    }
    return true;
  }

  /** What a group without a number or flags contains may stand by itself. */
  private static void unpack(List<Node> nodes) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i) instanceof Node.Group group && group.isPlain()) {
        nodes.remove(i);
        nodes.addAll(i, group.body().nodes());
      }
    }
  }

  private Node characterClass() {
    int start = reader.position() - 1;
    Set<Node.Item> items = new LinkedHashSet<>();
    boolean negated = reader.match("^");
    while (true) {
      String token = reader.get();
      if (token == null) {
        throw reader.error("unterminated character set", reader.position() - start);
      }
      if (token.equals("]") && !items.isEmpty()) {
        break;
      }
      Node.Item first = item(token);
      if (!reader.match("-")) {
        items.add(first);
        continue;
      }
      String last = reader.get();
      if (last == null) {
        throw reader.error("unterminated character set", reader.position() - start);
      }
      if (last.equals("]")) {
        items.add(first);
        items.add(new Node.Range('-', '-'));
        break;
      }
      if (first instanceof Node.Range from
          && item(last) instanceof Node.Range to
          && to.first() >= from.first()) {
        items.add(new Node.Range(from.first(), to.first()));
      } else {
        int length = PatternReader.length(token) + 1 + PatternReader.length(last);
        throw reader.error("bad character range " + token + "-" + last, length);
      }
    }
    if (items.size() == 1
        && items.iterator().next() instanceof Node.Range range
        && range.first() == range.last()) {
      return negated ? new Node.NotLiteral(range.first()) : new Node.Literal(range.first());
    }
    return new Node.CharacterClass(negated, List.copyOf(items));
  }

  private Node.Item item(String token) {
    return token.charAt(0) == '\\'
        ? escapes.inClass(token)
        : new Node.Range(token.codePointAt(0), token.codePointAt(0));
  }

  private void repeat(String token, List<Node> nodes) {
    int here = reader.position();
    long least = token.equals("+") ? 1 : 0;
    long most = token.equals("?") ? 1 : Node.UNBOUNDED;
    if (token.equals("{")) {
      if (reader.isNext("}")) {
        nodes.add(new Node.Literal('{'));
        return;
      }
      String low = reader.getWhile(Integer.MAX_VALUE, PatternReader::isDigit);
      String high = low;
      if (reader.match(",")) {
        high = reader.getWhile(Integer.MAX_VALUE, PatternReader::isDigit);
      }
      if (!reader.match("}")) {
        nodes.add(new Node.Literal('{'));
        reader.seek(here);
        return;
      }
      least = low.isEmpty() ? 0 : count(low);
      most = high.isEmpty() ? Node.UNBOUNDED : count(high);
      if (most < least) {
        throw reader.error("min repeat greater than max repeat", reader.position() - here);
      }
    }
    int length = reader.position() - here + token.length();
    if (nodes.isEmpty() || nodes.get(nodes.size() - 1) instanceof At) {
      throw reader.error("nothing to repeat", length);
    }
    Node last = nodes.remove(nodes.size() - 1);
    if (last instanceof Node.Repeat) {
      throw reader.error("multiple repeat", length);
    }
    if ((flags & Flags.TEMPLATE) != 0) {
      throw new PatternException("internal: unsupported template operator MAX_REPEAT");
    }
    Greed greed =
        reader.match("?") ? Greed.LAZY : reader.match("+") ? Greed.POSSESSIVE : Greed.GREEDY;
    Sequence body =
        last instanceof Node.Group group && group.isPlain()
            ? group.body()
            : new Sequence(new ArrayList<>(List.of(last)));
    nodes.add(new Node.Repeat(least, most, greed, body));
  }

  private static long count(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    if (significant.length() > 10 || Long.parseLong(significant) >= Node.UNBOUNDED) {
      throw new PatternException("the repetition number is too large");
    }
    return Long.parseLong(significant);
  }

  /** What a bracket opens; null for a comment and for flags. */
  private @Nullable Node group(boolean verbose, int depth, boolean first) {
    int start = reader.position() - 1;
    if (!reader.match("?")) {
      return capturing(null, verbose, depth, start);
    }
    String token = reader.get();
    if (token == null) {
      throw reader.error("unexpected end of pattern");
    }
    switch (token) {
      case "P":
        return extension(verbose, depth, start);
      case ":":
        return new Node.Group(0, 0, 0, body(verbose, depth, start));
      case ">":
        return new Node.Atomic(body(verbose, depth, start));
      case "#":
        skipComment(start);
        return null;
      case "=", "!":
        return look(false, token.equals("!"), verbose, depth, start);
      case "<":
        return behind(verbose, depth, start);
      case "(":
        return conditional(verbose, depth, start);
      default:
        if (Flags.of(token) == 0 && !token.equals("-")) {
          throw reader.error("unknown extension ?" + token, PatternReader.length(token) + 1);
        }
        return flagged(token, verbose, depth, start, first);
    }
  }

  private Sequence body(boolean verbose, int depth, int start) {
    Sequence body = alternatives(verbose, depth + 1);
    close(start);
    return body;
  }

  private void close(int start) {
    if (!reader.match(")")) {
      throw reader.error("missing ), unterminated subpattern", reader.position() - start);
    }
  }

  private Node capturing(@Nullable String name, boolean verbose, int depth, int start) {
    int number = groups.open(name, reader);
    Sequence body = body(verbose, depth, start);
    groups.close(number, body.width());
    return new Node.Group(number, 0, 0, body);
  }

  private Node extension(boolean verbose, int depth, int start) {
    if (reader.match("<")) {
      return named(verbose, depth, start);
    }
    if (reader.match("=")) {
      String name = reader.getUntil(")", "group name");
      Names.requireIdentifier(name, 1, reader);
      int number = groups.named(name, PatternReader.length(name) + 1, reader);
      return groups.reference(number, PatternReader.length(name) + 1, reader);
    }
    String token = reader.get();
    if (token == null) {
      throw reader.error("unexpected end of pattern");
    }
    throw reader.error("unknown extension ?P" + token, PatternReader.length(token) + 2);
  }

  private Node named(boolean verbose, int depth, int start) {
    String name = reader.getUntil(">", "group name");
    Names.requireIdentifier(name, 1, reader);
    return capturing(name, verbose, depth, start);
  }

  private void skipComment(int start) {
    do {
      if (reader.next() == null) {
        throw reader.error("missing ), unterminated comment", reader.position() - start);
      }
    } while (!reader.take().equals(")"));
  }

  private Node behind(boolean verbose, int depth, int start) {
    String token = dialect == PatternDialect.REGEX && isNameAhead() ? null : reader.get();
    if (token == null) {
      if (reader.next() == null) {
        throw reader.error("unexpected end of pattern");
      }
      return named(verbose, depth, start);
    }
    if (!token.equals("=") && !token.equals("!")) {
      throw reader.error("unknown extension ?<" + token, PatternReader.length(token) + 2);
    }
    return look(true, token.equals("!"), verbose, depth, start);
  }

  private boolean isNameAhead() {
    return reader.next() != null && !reader.isNext("=") && !reader.isNext("!");
  }

  private Node look(boolean behind, boolean negative, boolean verbose, int depth, int start) {
    boolean outermost = behind && groups.enterLookBehind();
    Sequence body = alternatives(verbose, depth + 1);
    if (outermost) {
      groups.leaveLookBehind();
    }
    close(start);
    return new Node.Look(behind, negative, body);
  }

  private Node conditional(boolean verbose, int depth, int start) {
    String name = reader.getUntil(")", "group name");
    int length = PatternReader.length(name) + 1;
    int number;
    if (PythonCharacters.isIdentifier(name)) {
      number = groups.named(name, length, reader);
    } else {
      number = Names.number(name);
      if (number < 0) {
        throw reader.error("bad character in group name " + PythonRepr.of(name), length);
      }
      if (number == 0) {
        throw reader.error("bad group number", length);
      }
      groups.expect(number, length, reader);
    }
    groups.requireOutsideLookBehind(number, reader);
    Sequence yes = sequence(verbose, depth + 1, false);
    @Nullable Sequence no = null;
    if (reader.match("|")) {
      no = sequence(verbose, depth + 1, false);
      if (reader.isNext("|")) {
        throw reader.error("conditional backref with more than two branches");
      }
    }
    close(start);
    return new Node.Conditional(number, yes, no);
  }

  private @Nullable Node flagged(
      String token, boolean verbose, int depth, int start, boolean first) {
    FlagParser parsed = new FlagParser(reader, token);
    if (parsed.isGlobal()) {
      flags |= parsed.added();
      if (!first) {
        throw reader.error(
            "global flags not at the start of the expression", reader.position() - start);
      }
      return null;
    }
    boolean inside =
        (verbose || (parsed.added() & Flags.VERBOSE) != 0)
            && (parsed.removed() & Flags.VERBOSE) == 0;
    return new Node.Group(0, parsed.added(), parsed.removed(), body(inside, depth, start));
  }
}
