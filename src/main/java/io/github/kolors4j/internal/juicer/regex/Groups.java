package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.internal.PythonRepr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups of an expression while it is parsed, and who may refer to which. */
final class Groups {
  private final Map<String, Integer> names = new LinkedHashMap<>();

  /** Of each group, from 1 on; null while it is open. */
  private final List<Node.@Nullable Width> widths = new ArrayList<>();

  private final Map<Integer, Integer> expected = new LinkedHashMap<>();

  /** How many groups there were before the outermost look-behind; -1 outside of any. */
  private int beforeLookBehind = -1;

  /** How many there are. */
  int count() {
    return widths.size();
  }

  /** The numbers by name. */
  Map<String, Integer> names() {
    return names;
  }

  int open(@Nullable String name, PatternReader reader) {
    widths.add(null);
    int number = widths.size();
    if (name == null) {
      return number;
    }
    Integer other = names.putIfAbsent(name, number);
    if (other != null) {
      throw reader.error(
          "redefinition of group name "
              + PythonRepr.of(name)
              + " as group "
              + number
              + "; was group "
              + other,
          PatternReader.length(name) + 1);
    }
    return number;
  }

  void close(int number, Node.Width width) {
    widths.set(number - 1, width);
  }

  /** The group of a name; an error is {@code back} characters before what comes. */
  int named(String name, int back, PatternReader reader) {
    Integer number = names.get(name);
    if (number == null) {
      throw reader.error("unknown group name " + PythonRepr.of(name), back);
    }
    return number;
  }

  /** What refers to a group that is closed. */
  Node.Reference reference(int number, int back, PatternReader reader) {
    Node.Width width = widths.get(number - 1);
    if (width == null) {
      throw reader.error("cannot refer to an open group", back);
    }
    requireOutsideLookBehind(number, reader);
    return new Node.Reference(number, width);
  }

  /** Refuses a group of the look-behind that refers to it: there it is matched later. */
  void requireOutsideLookBehind(int number, PatternReader reader) {
    if (beforeLookBehind < 0) {
      return;
    }
    if (number > widths.size() || widths.get(number - 1) == null) {
      throw reader.error("cannot refer to an open group");
    }
    if (number > beforeLookBehind) {
      throw reader.error("cannot refer to group defined in the same lookbehind subpattern");
    }
  }

  /** Whether no look-behind is around this one. */
  boolean enterLookBehind() {
    boolean outermost = beforeLookBehind < 0;
    if (outermost) {
      beforeLookBehind = widths.size();
    }
    return outermost;
  }

  void leaveLookBehind() {
    beforeLookBehind = -1;
  }

  /** Remembers a group that has to be there in the end. */
  void expect(int number, int back, PatternReader reader) {
    expected.putIfAbsent(number, reader.position() - back);
  }

  void requireAllThere(PatternReader reader) {
    expected.forEach(
        (number, position) -> {
          if (number > widths.size()) {
            throw reader.errorAt("invalid group reference " + number, position);
          }
        });
  }
}
