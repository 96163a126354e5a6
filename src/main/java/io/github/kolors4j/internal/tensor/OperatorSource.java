package io.github.kolors4j.internal.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of {@code operators.py}, method by method. */
final class OperatorSource {
  private static final Pattern METHOD = Pattern.compile("(?m)^  def (\\w+)\\(");
  private static final Pattern CALL = Pattern.compile("\\(self\\)\\.(\\w+)\\(");

  /** Each method's text by its name. */
  private static final Map<String, String> METHODS = split(TensorOperators.SOURCE);

  private OperatorSource() {}

  private static Map<String, String> split(String source) {
    Map<String, String> methods = new LinkedHashMap<>();
    Matcher matcher = METHOD.matcher(source);
    int start = -1;
    String name = "";
    while (matcher.find()) {
      if (start >= 0) {
        methods.put(name, source.substring(start, matcher.start()));
      }
      start = matcher.start();
      name = matcher.group(1);
    }
    methods.put(name, source.substring(start));
    return methods;
  }

  /** A program of one more method and those that it calls: what it needs not is not compiled. */
  static String with(String method) {
    Set<String> called = new LinkedHashSet<>();
    Deque<String> texts = new ArrayDeque<>();
    texts.add(method);
    StringBuilder program =
        new StringBuilder("class Operators(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
    while (!texts.isEmpty()) {
      Matcher calls = CALL.matcher(texts.remove());
      while (calls.find()) {
        if (called.add(calls.group(1))) {
          String text = Objects.requireNonNull(METHODS.get(calls.group(1)));
          program.append(text).append('\n');
          texts.add(text);
        }
      }
    }
    return program.append(method).toString();
  }
}
