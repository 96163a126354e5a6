package io.github.kolors4j.internal.juicer.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a parsed expression into a {@link Program}. */
final class PatternCompiler {
  private final PatternDialect dialect;
  private final int groups;
  private final List<CharacterTest> tests = new ArrayList<>();
  private int[] code = new int[64];
  private int length;
  private int registers;
  private boolean refersBack;

  private PatternCompiler(int groups, PatternDialect dialect) {
    this.groups = groups;
    this.dialect = dialect;
    this.registers = 2 * groups;
  }

  static Program compile(Node.Sequence pattern, int flags, int groups, PatternDialect dialect) {
    PatternCompiler compiler = new PatternCompiler(groups, dialect);
    compiler.sequence(pattern, flags);
    compiler.emit(Program.MATCH);
    FirstCharacters first = new FirstCharacters(compiler::test);
    return new Program(
        Arrays.copyOf(compiler.code, compiler.length),
        compiler.tests.toArray(CharacterTest[]::new),
        groups,
        compiler.registers - 2 * groups,
        first.ofWhole(pattern, flags),
        FirstCharacters.isAnchored(pattern, flags),
        FirstCharacters.beginsWithRun(pattern) && !compiler.refersBack);
  }

  private void emit(int... words) {
    if (length + words.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length + words.length);
    }
    System.arraycopy(words, 0, code, length, words.length);
    length += words.length;
  }

  private int number(CharacterTest test) {
    tests.add(test);
    return tests.size() - 1;
  }

  private void sequence(Node.Sequence sequence, int flags) {
    sequence.nodes().forEach(node -> node(node, flags));
  }

  private void node(Node node, int flags) {
    if (node instanceof Node.Unit unit) {
      unit(unit, flags);
    } else if (node instanceof Node.At at) {
      at(at, flags);
    } else if (node instanceof Node.Sequence sequence) {
      sequence(sequence, flags);
    } else if (node instanceof Node.Branch branch) {
      branch(branch, flags);
    } else if (node instanceof Node.Group group) {
      group(group, flags);
    } else if (node instanceof Node.Atomic atomic) {
      int register = registers++;
      emit(Program.ATOMIC, register);
      sequence(atomic.body(), flags);
      emit(Program.ATOMIC_END, register);
    } else if (node instanceof Node.Look look) {
      look(look, flags);
    } else if (node instanceof Node.Repeat repeat) {
      repeat(repeat, flags);
    } else if (node instanceof Node.Reference reference) {
      refersBack = true;
      boolean folds = (flags & Flags.IGNORECASE) != 0;
      int folding = folds ? (flags & Flags.ASCII) != 0 ? 1 : 2 : 0;
      emit(Program.REFERENCE, reference.group() - 1, folding);
    } else if (node instanceof Node.Conditional conditional) {
      conditional(conditional, flags);
    }
  }

  private void unit(Node.Unit unit, int flags) {
    CharacterTest test = test(unit, flags);
    if (test instanceof SingleCharacter single) {
      emit(Program.CHARACTER, single.codePoint());
    } else {
      emit(Program.TEST, number(test));
    }
  }

  /** One character and no other. */
  record SingleCharacter(int codePoint) implements CharacterTest {
    @Override
    public boolean matches(int c) {
      return c == codePoint;
    }
  }

  private CharacterTest test(Node.Unit unit, int flags) {
    if (unit instanceof Node.Any) {
      return (flags & Flags.DOTALL) != 0 ? c -> true : c -> c != '\n';
    }
    if (unit instanceof Node.CharacterClass characters) {
      return new CharacterClassTest(characters, flags, dialect);
    }
    boolean negated = unit instanceof Node.NotLiteral;
    int c = negated ? ((Node.NotLiteral) unit).codePoint() : ((Node.Literal) unit).codePoint();
    CharacterTest positive = literal(c, flags);
    return negated ? other -> !positive.matches(other) : positive;
  }

  private static CharacterTest literal(int c, int flags) {
    boolean ascii = (flags & Flags.ASCII) != 0;
    boolean cased = ascii ? PythonCharacters.isCasedAscii(c) : PythonCharacters.isCased(c);
    if ((flags & Flags.IGNORECASE) == 0 || !cased) {
      return new SingleCharacter(c);
    }
    if (ascii) {
      int small = PythonCharacters.lowerAscii(c);
      return other -> PythonCharacters.lowerAscii(other) == small;
    }
    int small = PythonCharacters.lower(c);
    int[] others = PythonCharacters.otherCases(small);
    return other -> {
      int lower = PythonCharacters.lower(other);
      return lower == small || Arrays.stream(others).anyMatch(equal -> equal == lower);
    };
  }

  private void at(Node.At at, int flags) {
    boolean lines = (flags & Flags.MULTILINE) != 0;
    switch (at) {
      case BEGINNING -> emit(lines ? Program.LINE_BEGINNING : Program.BEGINNING);
      case BEGINNING_OF_TEXT -> emit(Program.BEGINNING);
      case END -> emit(lines ? Program.LINE_END : Program.LAST_END);
      case END_OF_TEXT -> emit(Program.END);
      case BOUNDARY -> emit(Program.BOUNDARY, number(word(flags)));
      case NO_BOUNDARY -> emit(Program.NO_BOUNDARY, number(word(flags)));
    }
  }

  private CharacterTest word(int flags) {
    Node.Category word = new Node.Category('w', false);
    return CharacterClassTest.category(word, (flags & Flags.ASCII) != 0, dialect);
  }

  private void branch(Node.Branch branch, int flags) {
    List<Integer> ends = new ArrayList<>();
    int last = branch.choices().size() - 1;
    for (int i = 0; i <= last; i++) {
      int choice = length + 1;
      if (i < last) {
        emit(Program.CHOICE, 0);
      }
      sequence(branch.choices().get(i), flags);
      if (i < last) {
        emit(Program.JUMP, 0);
        ends.add(length - 1);
        code[choice] = length;
      }
    }
    ends.forEach(end -> code[end] = length);
  }

  private void group(Node.Group group, int flags) {
    int register = 2 * (group.number() - 1);
    if (group.number() > 0) {
      emit(Program.SAVE, register);
    }
    sequence(group.body(), Flags.combine(flags, group.added(), group.removed()));
    if (group.number() > 0) {
      emit(Program.SAVE, register + 1);
    }
  }

  private void look(Node.Look look, int flags) {
    Node.Width width = look.behind() ? look.body().width() : Node.Width.NONE;
    if (width.fewest() > Node.UNBOUNDED) {
      throw new PatternException("looks too much behind");
    }
    if (width.fewest() != width.most()) {
      throw new PatternException("look-behind requires fixed-width pattern");
    }
    int register = registers;
    registers += 2; // how high the stack was, and where
    int behind = (int) Math.min(Integer.MAX_VALUE, width.fewest());
    if (look.negative()) {
      emit(Program.LOOK_NOT, register, behind, 0);
      int target = length - 1;
      sequence(look.body(), flags);
      emit(Program.LOOK_NOT_END, register);
      code[target] = length;
    } else {
      emit(Program.LOOK, register, behind);
      sequence(look.body(), flags);
      emit(Program.LOOK_END, register);
    }
  }

  private void repeat(Node.Repeat repeat, int flags) {
    int least = (int) Math.min(Integer.MAX_VALUE, repeat.least());
    int most = repeat.most() >= Integer.MAX_VALUE ? -1 : (int) repeat.most();
    Node.Unit unit = onlyUnit(repeat.body());
    if (unit != null) {
      int operation =
          switch (repeat.greed()) {
            case GREEDY -> Program.RUN;
            case LAZY -> Program.LAZY_RUN;
            case POSSESSIVE -> Program.POSSESSIVE_RUN;
          };
      emit(operation, number(test(unit, flags)), least, most);
      return;
    }
    boolean possessive = repeat.greed() == Node.Greed.POSSESSIVE;
    int atomic = registers;
    if (possessive) {
      registers += 2; // of the whole, and of each time
      emit(Program.ATOMIC, atomic);
    }
    int register = registers;
    registers += 2; // how often, and where the last began
    emit(Program.REPEAT, register, 0);
    int until = length - 1;
    int body = length;
    if (possessive) {
      emit(Program.ATOMIC, atomic + 1);
    }
    sequence(repeat.body(), flags);
    if (possessive) {
      emit(Program.ATOMIC_END, atomic + 1);
    }
    code[until] = length;
    boolean lazy = repeat.greed() == Node.Greed.LAZY;
    emit(lazy ? Program.LAZY_UNTIL : Program.UNTIL, register, least, most, body);
    if (lazy) {
      // Where LAZY_UNTIL comes back to when what follows does not match.
      emit(Program.JUMP, length + 5, Program.ONCE_MORE, register, body);
    }
    if (possessive) {
      emit(Program.ATOMIC_END, atomic);
    }
  }

  /** What stands alone, without a group that captures or has flags of its own; or null. */
  private static Node.@Nullable Unit onlyUnit(Node.Sequence body) {
    return body.nodes().size() == 1 && body.nodes().get(0) instanceof Node.Unit unit ? unit : null;
  }

  private void conditional(Node.Conditional conditional, int flags) {
    refersBack = true;
    emit(Program.UNLESS, conditional.group() - 1, 0);
    int otherwise = length - 1;
    sequence(conditional.yes(), flags);
    Node.Sequence no = conditional.no();
    if (no == null) {
      code[otherwise] = length;
      return;
    }
    emit(Program.JUMP, 0);
    int end = length - 1;
    code[otherwise] = length;
    sequence(no, flags);
    code[end] = length;
  }
}
