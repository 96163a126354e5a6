package io.github.kolors4j.internal.juicer.regex;

import java.util.Arrays;

/**
 * Matches one text as Python's {@code re} does: choices are tried in their order, the last that is
 * left first. What is left to try lies on a stack of its own, so that long texts need no deep
 * recursion, and steps are counted, so that no text is tried for hours.
 */
final class Backtracking implements Search {
  /** A second or two: hundreds of times what an ordinary text of 10,000 characters takes. */
  static final long MOST_STEPS = 200_000_000;

  /** 64 MiB. */
  private static final int MOST_WORDS = 1 << 24;

  /** Kinds of what lies on the stack, three words each and the kind. */
  private static final int UNDO = 0;

  private static final int CHOICE = 1;
  private static final int SHORTER = 2;
  private static final int LONGER = 3;
  private static final int ENTRY = 4;

  private final Program program;
  private final int[] code;
  private final CharacterTest[] tests;
  private final int[] text;

  /** Beginning and end of each group, then what repetitions and looks have to remember. */
  private final int[] registers;

  private int[] stack = new int[64];
  private int top;
  private long steps;
  private int start;
  private int end;
  private boolean ran;

  /** Where to go on after {@link #backtrack}. */
  private int resume;

  private int place;

  Backtracking(Program program, int[] text) {
    this.program = program;
    this.code = program.code();
    this.tests = program.tests();
    this.text = text;
    this.registers = new int[2 * program.groups() + program.loops()];
  }

  @Override
  public int start(int group) {
    return group == 0 ? start : isSet(group - 1) ? registers[2 * group - 2] : -1;
  }

  @Override
  public int end(int group) {
    return group == 0 ? end : registers[2 * group - 1];
  }

  private boolean isSet(int group) {
    int from = registers[2 * group];
    return from >= 0 && registers[2 * group + 1] >= from;
  }

  @Override
  public boolean find(int from, boolean advance) {
    Arrays.fill(registers, -1);
    top = 0;
    CharacterTest first = program.start();
    for (int at = from; at <= text.length; at++) {
      if (first != null) {
        int skipped = at;
        while (at < text.length && !first.matches(text[at])) {
          at++;
        }
        count((at - skipped) >> 2);
        if (at == text.length) {
          return false;
        }
      }
      ran = false;
      if ((!program.anchored() || at == 0) && run(at, advance && at == from)) {
        start = at;
        return true;
      }
      if (program.anchored()) {
        return false;
      }
      if (first != null && program.skipping() && ran) {
        int skipped = at;
        while (at + 1 < text.length && first.matches(text[at + 1])) {
          at++;
        }
        count((at - skipped) >> 2);
      }
    }
    return false;
  }

  private void count(int more) {
    steps += more + 1;
    if (steps > MOST_STEPS) {
      throw new EndlessMatchException("the expression tries too many ways");
    }
  }

  private boolean run(int from, boolean advance) {
    int ip = 0;
    int at = from;
    while (true) {
      count(0);
      boolean matches;
      switch (code[ip]) {
        case Program.MATCH -> {
          matches = !(advance && at == from);
          if (matches) {
            end = at;
            return true;
          }
        }
        case Program.CHARACTER -> {
          matches = at < text.length && text[at] == code[ip + 1];
          at++;
          ip += 2;
        }
        case Program.TEST -> {
          matches = at < text.length && tests[code[ip + 1]].matches(text[at]);
          at++;
          ip += 2;
        }
        case Program.JUMP -> {
          matches = true;
          ip = code[ip + 1];
        }
        case Program.CHOICE -> {
          matches = true;
          push(code[ip + 1], at, 0, CHOICE);
          ip += 2;
        }
        case Program.SAVE -> {
          matches = true;
          set(code[ip + 1], at);
          ip += 2;
        }
        case Program.RUN, Program.POSSESSIVE_RUN, Program.LAZY_RUN -> {
          ran = true;
          int to = runOf(ip, at);
          matches = to >= 0;
          at = to;
          ip += 4;
        }
        case Program.REPEAT -> {
          matches = true;
          set(code[ip + 1], -1);
          set(code[ip + 1] + 1, -1);
          ip = code[ip + 2];
        }
        case Program.UNTIL -> {
          matches = true;
          ip = until(ip, at, false);
        }
        case Program.LAZY_UNTIL -> {
          matches = true;
          ip = until(ip, at, true);
        }
        case Program.ONCE_MORE -> {
          matches = true;
          set(code[ip + 1], registers[code[ip + 1]] + 1);
          set(code[ip + 1] + 1, at);
          ip = code[ip + 2];
        }
        case Program.ATOMIC -> {
          matches = true;
          registers[code[ip + 1]] = top;
          ip += 2;
        }
        case Program.ATOMIC_END -> {
          matches = true;
          cut(registers[code[ip + 1]]);
          ip += 2;
        }
        case Program.LOOK -> {
          int width = code[ip + 2];
          matches = width <= at;
          registers[code[ip + 1]] = top;
          registers[code[ip + 1] + 1] = at;
          at -= width;
          ip += 3;
        }
        case Program.LOOK_END -> {
          matches = true;
          cut(registers[code[ip + 1]]);
          at = registers[code[ip + 1] + 1];
          ip += 2;
        }
        case Program.LOOK_NOT -> {
          matches = true;
          int width = code[ip + 2];
          if (width > at) {
            ip = code[ip + 3];
          } else {
            registers[code[ip + 1]] = top;
            push(code[ip + 3], at, 0, CHOICE);
            at -= width;
            ip += 4;
          }
        }
        case Program.LOOK_NOT_END -> {
          matches = false;
          undo(registers[code[ip + 1]]);
        }
        case Program.REFERENCE -> {
          int to = reference(ip, at);
          matches = to >= 0;
          at = to;
          ip += 3;
        }
        case Program.UNLESS -> {
          matches = true;
          ip = isSet(code[ip + 1]) ? ip + 3 : code[ip + 2];
        }
        case Program.BOUNDARY, Program.NO_BOUNDARY -> {
          CharacterTest word = tests[code[ip + 1]];
          boolean before = at > 0 && word.matches(text[at - 1]);
          boolean after = at < text.length && word.matches(text[at]);
          // An empty text has neither: Python finds no place in it that is not a boundary.
          matches = text.length > 0 && (before != after) == (code[ip] == Program.BOUNDARY);
          ip += 2;
        }
        default -> {
          matches = isAt(code[ip], at);
          ip++;
        }
      }
      if (!matches) {
        if (!backtrack()) {
          return false;
        }
        ip = resume;
        at = place;
      }
    }
  }

  private boolean isAt(int operation, int at) {
    int last = text.length;
    return switch (operation) {
      case Program.BEGINNING -> at == 0;
      case Program.LINE_BEGINNING -> at == 0 || text[at - 1] == '\n';
      case Program.END -> at == last;
      case Program.LAST_END -> at == last || at == last - 1 && text[at] == '\n';
      case Program.LINE_END -> at == last || text[at] == '\n';
      default -> throw new IllegalStateException("no operation " + operation);
    };
  }

  /** The end of a run of single characters, others being left to be tried; -1 if there is none. */
  private int runOf(int ip, int at) {
    CharacterTest test = tests[code[ip + 1]];
    int least = code[ip + 2];
    int most = code[ip + 3];
    int longest = most < 0 || most > text.length - at ? text.length : at + most;
    boolean lazy = code[ip] == Program.LAZY_RUN;
    int stop = lazy ? (int) Math.min(longest, (long) at + least) : longest;
    int to = at;
    while (to < stop && test.matches(text[to])) {
      to++;
    }
    count((to - at) >> 2);
    if (to - at < least) {
      return -1;
    }
    if (code[ip] == Program.POSSESSIVE_RUN) {
      return to;
    }
    if (lazy) {
      return longer(ip, to, longest, true);
    }
    return shorter(ip, to, at + least, true);
  }

  /** The longest run, up to {@code to}, after which what follows can match. */
  private int shorter(int ip, int to, int shortest, boolean isNew) {
    int end = to;
    if (code[ip + 4] == Program.CHARACTER) {
      int next = code[ip + 5];
      while (end >= shortest && (end == text.length || text[end] != next)) {
        end--;
      }
      count((to - end) >> 2);
    }
    if (end > shortest) {
      if (isNew) {
        push(ip, end, shortest, SHORTER);
      } else {
        stack[top - 3] = end;
      }
    } else if (!isNew) {
      top -= ENTRY;
    }
    return end >= shortest ? end : -1;
  }

  /** The shortest run, from {@code from} on, after which what follows can match. */
  private int longer(int ip, int from, int longest, boolean isNew) {
    int end = from;
    if (code[ip + 4] == Program.CHARACTER) {
      int next = code[ip + 5];
      CharacterTest test = tests[code[ip + 1]];
      while (end < longest && text[end] != next && test.matches(text[end])) {
        end++;
      }
      count((end - from) >> 2);
      if (end == text.length || text[end] != next) {
        top -= isNew ? 0 : ENTRY;
        return -1;
      }
    }
    if (end < longest) {
      if (isNew) {
        push(ip, end, longest, LONGER);
      } else {
        stack[top - 3] = end;
      }
    } else if (!isNew) {
      top -= ENTRY;
    }
    return end;
  }

  /** The end of a repeat's body: again if it must be, else again or on, the greedy first again. */
  private int until(int ip, int at, boolean lazy) {
    int register = code[ip + 1];
    int times = registers[register] + 1;
    boolean more = code[ip + 3] < 0 || times < code[ip + 3];
    if (times < code[ip + 2]) {
      set(register, times);
      return code[ip + 4];
    }
    if (more && at != registers[register + 1]) {
      push(lazy ? ip + 7 : ip + 5, at, 0, CHOICE);
      if (!lazy) {
        set(register, times);
        set(register + 1, at);
        return code[ip + 4];
      }
    }
    return ip + 5;
  }

  private int reference(int ip, int at) {
    int group = code[ip + 1];
    if (!isSet(group)) {
      return -1;
    }
    int from = registers[2 * group];
    int length = registers[2 * group + 1] - from;
    if (length > text.length - at) {
      return -1;
    }
    count(length >> 2);
    for (int i = 0; i < length; i++) {
      int a = text[from + i];
      int b = text[at + i];
      boolean equal =
          switch (code[ip + 2]) {
            case 0 -> a == b;
            case 1 -> PythonCharacters.lowerAscii(a) == PythonCharacters.lowerAscii(b);
            default -> PythonCharacters.lower(a) == PythonCharacters.lower(b);
          };
      if (!equal) {
        return -1;
      }
    }
    return at + length;
  }

  private void set(int register, int value) {
    push(register, registers[register], 0, UNDO);
    registers[register] = value;
  }

  private void push(int first, int second, int third, int kind) {
    if (top + ENTRY > stack.length) {
      if (stack.length >= MOST_WORDS) {
        throw new EndlessMatchException("the expression has too many ways left to try");
      }
      stack = Arrays.copyOf(stack, 2 * stack.length);
    }
    stack[top] = first;
    stack[top + 1] = second;
    stack[top + 2] = third;
    stack[top + 3] = kind;
    top += ENTRY;
  }

  /** Goes back to what is left to try last; false if nothing is. */
  private boolean backtrack() {
    while (top > 0) {
      int entry = top - ENTRY;
      int first = stack[entry];
      int second = stack[entry + 1];
      int third = stack[entry + 2];
      switch (stack[entry + 3]) {
        case UNDO -> {
          registers[first] = second;
          top = entry;
        }
        case CHOICE -> {
          resume = first;
          place = second;
          top = entry;
          return true;
        }
        case SHORTER -> {
          place = shorter(first, second - 1, third, false);
          if (place >= 0) {
            resume = first + 4;
            return true;
          }
        }
        default -> {
          if (tests[code[first + 1]].matches(text[second])) {
            place = longer(first, second + 1, third, false);
            if (place >= 0) {
              resume = first + 4;
              return true;
            }
          } else {
            top = entry;
          }
        }
      }
    }
    return false;
  }

  /** Forgets what is left to try down to a height, but not what has to be undone. */
  private void cut(int height) {
    int kept = height;
    for (int entry = height; entry < top; entry += ENTRY) {
      if (stack[entry + 3] == UNDO) {
        System.arraycopy(stack, entry, stack, kept, ENTRY);
        kept += ENTRY;
      }
    }
    top = kept;
  }

  /** Goes back to a height, with nothing tried. */
  private void undo(int height) {
    while (top > height) {
      top -= ENTRY;
      if (stack[top + 3] == UNDO) {
        registers[stack[top]] = stack[top + 1];
      }
    }
  }
}
