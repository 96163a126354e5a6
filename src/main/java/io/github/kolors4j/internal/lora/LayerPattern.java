package io.github.kolors4j.internal.lora;

import io.github.kolors4j.lora.LoraException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for the ends of layer names, as peft takes it in {@code rank_pattern} and
 * {@code alpha_pattern} ({@code utils/other.py}): {@code to_q} is every layer of that name, {@code
 * ^mid_block.proj_in} one. It comes from a file, so that all expressions of a file together may
 * read names only so often.
 */
final class LayerPattern {
  /** How many characters all expressions of a file may read. */
  static final long MOST_READS = 20_000_000;

  private final String where;
  private final String text;

  /** Null for a mere name, which is compared without an expression: files have thousands. */
  private final @Nullable Pattern pattern;

  private final AtomicLong readsLeft;

  /**
   * @param where the file, for messages
   * @param readsLeft shared by all expressions of the file
   * @throws LoraException if it is no regular expression
   */
  LayerPattern(String where, String text, AtomicLong readsLeft) {
    this.where = where;
    this.text = text;
    this.readsLeft = readsLeft;
    try {
      pattern =
          text.matches("\\^?[A-Za-z0-9_.]+") ? null : Pattern.compile("(.*\\.)?(" + text + ")$");
    } catch (PatternSyntaxException e) {
      throw new LoraException(
          "%s: '%s' is no regular expression: %s".formatted(where, text, e.getDescription()), e);
    }
  }

  /** Whether it is for a layer. */
  boolean matches(String layer) {
    return matchesName(layer)
        || layer.startsWith("encoder.layers.") // which is in "transformer" in a whole ChatGLM
            && matchesName("transformer." + layer);
  }

  private boolean matchesName(String name) {
    if (pattern != null) {
      return pattern.matcher(new CountedText(name)).lookingAt();
    }
    boolean whole = text.startsWith("^");
    int skipped = whole ? 1 : 0;
    int start = name.length() - (text.length() - skipped);
    if (start < 0 || start > 0 && (whole || name.charAt(start - 1) != '.')) {
      return false;
    }
    for (int i = 0; start + i < name.length(); i++) {
      char wanted = text.charAt(skipped + i);
      if (wanted != '.' && wanted != name.charAt(start + i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return text;
  }

  /** A name that ends a match when there have been too many reads. */
  private final class CountedText implements CharSequence {
    private final String name;

    CountedText(String name) {
      this.name = name;
    }

    @Override
    public char charAt(int index) {
      if (readsLeft.decrementAndGet() < 0) {
        throw new LoraException(
            "%s: the regular expressions in its patterns take too long, at last '%s' on '%s'."
                .formatted(where, text, name));
      }
      return name.charAt(index);
    }

    @Override
    public int length() {
      return name.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return name.substring(start, end);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
