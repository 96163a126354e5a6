package io.github.kolors4j.internal.comfy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A text that leaves words open: {@code a {red|blue} house}, {@code {a|{b|c}}}. One of each is
 * chosen; {@code \{} is a brace, and comments ({@code //} and {@code /* … *}{@code /}) are left out.
 */
final class DynamicPrompt {
  private static final Pattern COMMENT =
      Pattern.compile("/\\*[\\s\\S]*?\\*/|//[^\\n\\r\\u2028\\u2029]*");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([{}|])");

  /** Braces deeper in each other than this stay as they are. */
  private static final int DEEPEST = 100;

  private final String text;
  private final RandomGenerator random;
  private final int depth;
  private int at;

  private DynamicPrompt(String text, RandomGenerator random, int depth) {
    this.text = COMMENT.matcher(text).replaceAll("");
    this.random = random;
    this.depth = depth;
  }

  static String choose(String text, RandomGenerator random) {
    return new DynamicPrompt(text, random, 0).choose();
  }

  private String choose() {
    if (depth > DEEPEST) {
      return text;
    }
    StringBuilder chosen = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        chosen.append(escape());
      } else if (c == '{') {
        List<String> options = options();
        String option = options.get(random.nextInt(options.size()));
        chosen.append(new DynamicPrompt(option, random, depth + 1).choose());
      } else {
        chosen.append(c);
      }
    }
    return ESCAPED.matcher(chosen).replaceAll("$1");
  }

  private String escape() {
    return at < text.length() ? "\\" + text.charAt(at++) : "\\";
  }

  /** Up to the brace that ends them, or the end of the text. */
  private List<String> options() {
    List<String> options = new ArrayList<>();
    StringBuilder option = new StringBuilder();
    int braces = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        option.append(escape());
        continue;
      }
      if (c == '}' && braces == 0) {
        break;
      }
      if (c == '|' && braces == 0) {
        options.add(option.toString());
        option.setLength(0);
        continue;
      }
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      option.append(c);
    }
    options.add(option.toString());
    return options;
  }
}
