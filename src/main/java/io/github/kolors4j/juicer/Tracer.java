package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Sample;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Collects what operators changed, as data-juicer's tracer does with {@code open_tracer: true}:
 * into {@code trace/filter-NAME.jsonl} the samples that a filter or selector threw out, into {@code
 * trace/mapper-NAME.jsonl} texts before and after, into {@code trace/duplicate-NAME.jsonl} pairs of
 * samples that are alike; the first {@code trace_num} of each.
 */
final class Tracer {
  /** The names of its files. */
  static final Pattern NAMES = Pattern.compile("(filter|mapper|duplicate)-\\w+\\.jsonl");

  /** A text before and after a mapper. */
  record Change(String before, String after) implements Serializable {}

  private final Recipe recipe;
  private final Recipe.Tracing tracing;
  private final Map<String, List<JsonObject>> files = new LinkedHashMap<>();

  Tracer(Recipe recipe) {
    this.recipe = recipe;
    this.tracing = recipe.tracing();
  }

  /** Takes note of a sample that a filter or a selector threw out. */
  void rejected(Operator operator, Sample sample) {
    List<JsonObject> lines = lines("filter-", operator);
    if (tracing.traces(operator) && lines.size() < tracing.samples()) {
      lines.add(line(sample));
    }
  }

  /** Takes note of texts that a mapper changed. */
  void changed(Operator operator, List<Change> changes) {
    List<JsonObject> lines = lines("mapper-", operator);
    for (Change change :
        changes.subList(0, Math.min(changes.size(), tracing.samples() - lines.size()))) {
      JsonObject line = new JsonObject();
      line.addProperty("original text", change.before());
      line.addProperty("processed_text", change.after());
      lines.add(line);
    }
  }

  /**
   * Takes note of a pair for each sample that was repeated, of those that were repeated most first.
   */
  void duplicates(Operator operator, StoredSamples samples, int[] originals) {
    if (!tracing.traces(operator)) {
      return;
    }
    int[] repeats = new int[originals.length];
    int[] second = new int[originals.length];
    List<Integer> repeated = new ArrayList<>();
    for (int i = 0; i < originals.length; i++) {
      int original = originals[i];
      if (original != i && repeats[original]++ == 0) {
        second[original] = i;
        repeated.add(original);
      }
    }
    repeated.sort((a, b) -> repeats[b] - repeats[a]);
    for (int original : repeated.subList(0, Math.min(repeated.size(), tracing.samples()))) {
      JsonObject pair = new JsonObject();
      pair.add("dup1", line(samples.get(original)));
      pair.add("dup2", line(samples.get(second[original])));
      lines("duplicate-", operator).add(pair);
    }
  }

  private List<JsonObject> lines(String kind, Operator operator) {
    return files.computeIfAbsent(kind + operator.name() + ".jsonl", name -> new ArrayList<>());
  }

  /** A sample with what was measured, as data-juicer's table has it at that point. */
  private JsonObject line(Sample sample) {
    return recipe.line(sample, !sample.statistics().isEmpty(), true);
  }

  /** Writes the files into {@code folder}. */
  void write(Path folder, ResultFiles results) {
    files.forEach(
        (name, lines) -> {
          String text = String.join("\n", ResultJson.forLines(lines).write(lines)) + "\n";
          if (!lines.isEmpty()) {
            results.write(
                folder.resolve(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
          }
        });
  }
}
