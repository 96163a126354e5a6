package io.github.kolors4j.training;

import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the parts of a caption into another order, so that a word's place means nothing (sd-scripts'
 * {@code --shuffle_caption}, {@code --keep_tokens} and {@code --caption_separator}; {@code
 * library/train_util.py}, {@code process_caption}).
 *
 * @param separator between the parts. After a comma comes a space, as in sd-scripts; any other
 *     separator, such as ，, is put back as it is
 * @param keep how many parts stay in front
 */
record CaptionShuffle(String separator, int keep) {

  /** Orders of a caption that are drawn and encoded before the first step. */
  static final int ORDERS = 8;

  /** A caption with its parts in a random order. */
  String shuffle(String caption, TorchRandom random) {
    List<String> parts =
        Arrays.stream(firstLine(caption).split(Pattern.quote(separator), -1))
            .map(String::strip)
            .collect(Collectors.toCollection(ArrayList::new));
    int kept = Math.min(keep, parts.size());
    List<String> shuffled = new ArrayList<>(parts.subList(0, kept));
    for (long place : random.randperm(parts.size() - kept)) {
      shuffled.add(parts.get(kept + (int) place));
    }
    return String.join(separator.equals(",") ? ", " : separator, shuffled);
  }

  /** Some orders of a caption, each once: all of them if there are few. */
  List<String> orders(String caption, TorchRandom random) {
    Set<String> orders = new LinkedHashSet<>();
    for (int i = 0; i < ORDERS; i++) {
      orders.add(shuffle(caption, random));
    }
    return List.copyOf(orders);
  }

  private static String firstLine(String caption) {
    String stripped = caption.strip();
    int end = stripped.indexOf('\n');
    return end < 0 ? stripped : stripped.substring(0, end);
  }
}
